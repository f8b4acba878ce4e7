// Reads a recording line by line, never more of it than is wanted. One whose recorder was killed ends at its last
// complete line.
import { createReadStream } from 'node:fs'
import { constants, createGunzip } from 'node:zlib'
import { AppError } from '@ronda/contracts/errors'
import { Header, Line } from './format.ts'

export interface Recording {
  header: Header
  /** Every line but the header, in order; may be read again and again. Throws `recording_invalid` where it is damaged. */
  lines(): AsyncGenerator<Line>
}

/** Throws `recording_invalid` when it is no recording. */
export async function openRecording(path: string): Promise<Recording> {
  const texts = textsOf(path)
  const { value: first } = await texts.next()
  await texts.return(undefined)
  const header = Header.safeParse(jsonOf(first ?? ''))
  if (!header.success) {
    const problems = header.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new AppError('recording_invalid', `${path} is no recording of npm run record`, { problems })
  }
  return {
    header: header.data,
    async *lines() {
      let number = 0
      for await (const text of textsOf(path)) {
        number++
        if (number === 1) continue
        const line = Line.safeParse(jsonOf(text))
        if (!line.success)
          throw new AppError('recording_invalid', `${path}: line ${number} is neither message nor note`)
        yield line.data
      }
    },
  }
}

/** Complete lines. */
async function* textsOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path)
  // What ends in the midst of the compressed data gives what is there, without an error.
  const unpacked = file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })).setEncoding('utf8')
  file.once('error', (error) => unpacked.destroy(error))
  let rest = ''
  try {
    for await (const chunk of unpacked) {
      const lines = (rest + String(chunk)).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('recording_invalid', `${path} cannot be read: ${why}`, { cause })
  } finally {
    file.destroy()
    unpacked.destroy()
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
