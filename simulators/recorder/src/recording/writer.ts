// Writes a recording as it comes, through gzip. Every second what there is goes to the file, so that whatever ends
// the process leaves a recording up to then.
import { once } from 'node:events'
import { type WriteStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip } from 'node:zlib'
import { AppError } from '@ronda/contracts/errors'
import type { Header, Line } from './format.ts'

export interface RecordingWriter {
  /** Undefined when there is room for more at once; otherwise resolves when there is. */
  write(line: Line): Promise<void> | undefined
  /** Rejects with what the file failed with, as soon as it does; resolves once it is closed. */
  readonly ended: Promise<void>
  close(): Promise<void>
  /** Written to the file so far. */
  readonly bytes: number
}

const flushMs = 1_000

/** Throws `config_invalid` when the file is there, or cannot be made. */
export async function openRecordingWriter(path: string, header: Header): Promise<RecordingWriter> {
  // Payloads are their owners' business.
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
  await opened(file, path)
  const gzip = createGzip()
  const ended = pipeline(gzip, file).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('storage_failed', `${path} cannot be written: ${why}`, { cause })
  })
  // Whoever waits for it hears of it; until then it is not unhandled.
  ended.catch(() => {})
  let isDirty = true
  const flushing = setInterval(() => {
    if (isDirty && !gzip.destroyed) gzip.flush(constants.Z_SYNC_FLUSH)
    isDirty = false
  }, flushMs)
  gzip.write(`${JSON.stringify(header)}\n`)

  return {
    write(line) {
      isDirty = true
      if (gzip.destroyed || gzip.write(`${JSON.stringify(line)}\n`)) return undefined
      return Promise.race([once(gzip, 'drain'), ended]).then(() => {})
    },
    ended,
    async close() {
      clearInterval(flushing)
      gzip.end()
      await ended
    },
    get bytes() {
      return file.bytesWritten
    },
  }
}

async function opened(file: WriteStream, path: string): Promise<void> {
  try {
    await once(file, 'open')
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    const why = exists ? 'is there already: name another file' : `cannot be made: ${String(cause)}`
    throw new AppError('config_invalid', `--out: ${path} ${why}`, { cause })
  }
}
