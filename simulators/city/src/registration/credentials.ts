// The devices' tokens, as if kept in the devices: a file of the data directory that only its owner can read.
// The registry tells a token once, so what is learned is written at once.
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'

export interface Credentials {
  /** Token by device id. */
  readonly tokens: ReadonlyMap<string, string>
  /** Keeps these, in place of what was known of these devices. */
  learn(tokens: ReadonlyMap<string, string>): void
  /** The device's token is of no use any more: the next start asks for another. Written with `save`. */
  forget(id: string): void
  /** Writes what was forgotten since. */
  save(): void
}

const Rows = z.array(z.object({ id: z.string(), token: z.string().min(1) }))

export function openCredentials(dataDir: string): Credentials {
  const folder = join(dataDir, 'simulator')
  const file = join(folder, 'credentials.csv')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const tokens = new Map(readRows(file).map(({ id, token }) => [id, token]))
  let isChanged = false
  const save = () => {
    if (!isChanged) return
    isChanged = false
    // Never half a file, and never one that others could read for a moment.
    const draft = `${file}.tmp`
    writeFileSync(draft, stringify([['id', 'token'], ...tokens]), { mode: 0o600 })
    chmodSync(draft, 0o600)
    renameSync(draft, file)
  }
  return {
    tokens,
    learn(learned) {
      for (const [id, token] of learned) tokens.set(id, token)
      isChanged ||= learned.size > 0
      save()
    },
    forget(id) {
      if (tokens.delete(id)) isChanged = true
    },
    save,
  }
}

/** A file that is missing or damaged holds no tokens: the registry gives new ones. */
function readRows(file: string): z.infer<typeof Rows> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  try {
    return Rows.parse(parse(text, { columns: true }))
  } catch {
    return []
  }
}
