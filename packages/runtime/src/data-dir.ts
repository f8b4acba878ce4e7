// The data directory: what it is, whose it is, and who is using it. Services open it before anything else in
// it; the first one makes it.
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { AppError } from '@ronda/contracts/errors'
import type { Environment } from '@ronda/contracts/environment'
import { z } from 'zod'
import { type Clock, type ClockSettings, createClock } from './clock.ts'

const formatVersion = 1

const Description = z.object({
  formatVersion: z.int(),
  city: z.string(),
  timeScale: z.number(),
  stampedOrigin: z.number(),
  realOrigin: z.number(),
})
type Description = z.infer<typeof Description>

export interface DataDir {
  path: string
  clock: Clock
  /** The clock's, for a thread that has to make its own. */
  clockSettings: ClockSettings
  /** The local administrator's API token, 256 bits, made with the directory. */
  adminToken: string
}

export type DataDirOptions = Pick<Environment, 'RONDA_DATA_DIR' | 'RONDA_TIME_SCALE' | 'RONDA_TIME_START'>

/** Opens or makes the directory for a city; throws an AppError that says what is wrong with it. */
export function openDataDir(env: DataDirOptions, city: string): DataDir {
  const path = resolve(env.RONDA_DATA_DIR)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const realOrigin = Date.now()
    const description = readOrMake(join(path, 'ronda.json'), 0o644, () =>
      JSON.stringify({
        formatVersion,
        city,
        timeScale: env.RONDA_TIME_SCALE,
        stampedOrigin: env.RONDA_TIME_START ?? realOrigin,
        realOrigin,
      } satisfies Description),
    )
    const known = parseDescription(path, description)
    check(path, known, env, city)
    const adminToken = readOrMake(join(path, 'admin-token'), 0o600, () => randomBytes(32).toString('base64url')).trim()
    const { timeScale: scale, stampedOrigin, realOrigin: madeAt } = known
    const clockSettings = { scale, stampedOrigin, realOrigin: madeAt }
    return { path, adminToken, clock: createClock(clockSettings), clockSettings }
  } catch (error) {
    if (error instanceof AppError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new AppError('data_dir_unusable', `the data directory ${path} cannot be used: ${why}`, { cause: error })
  }
}

function parseDescription(path: string, text: string): Description {
  try {
    return Description.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('data_dir_unusable', `${path} is not a data directory of Ronda: ronda.json is not readable`, {
      cause,
    })
  }
}

function check(path: string, known: Description, env: DataDirOptions, city: string): void {
  if (known.formatVersion > formatVersion) {
    throw new AppError(
      'data_dir_newer',
      `the data directory ${path} has format ${known.formatVersion}, this version of Ronda knows ${formatVersion}: update Ronda, or set RONDA_DATA_DIR to another folder`,
    )
  }
  if (known.city !== city) {
    throw new AppError(
      'data_dir_mismatch',
      `the data directory ${path} belongs to the city ${known.city}, not ${city}: set RONDA_CITY or RONDA_DATA_DIR to match`,
    )
  }
  const startMoved = env.RONDA_TIME_START !== undefined && env.RONDA_TIME_START !== known.stampedOrigin
  if (known.timeScale !== env.RONDA_TIME_SCALE || startMoved) {
    throw new AppError(
      'data_dir_mismatch',
      `the data directory ${path} was made with RONDA_TIME_SCALE=${known.timeScale} and time beginning at ${new Date(known.stampedOrigin).toISOString()}: they cannot change, set RONDA_DATA_DIR to another folder`,
    )
  }
}

/** The file's text; of several processes that find it missing, one makes it and all read that. */
function readOrMake(file: string, mode: number, make: () => string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, `${make()}\n`, { mode })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(file, 'utf8')
}

/**
 * Claims a role in the data directory for this process, until it ends in whatever way. The operating system
 * holds the lock, through SQLite, so a kill leaves nothing behind.
 */
export function claimRole(path: string, role: string): { release(): void } {
  mkdirSync(join(path, 'locks'), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(join(path, 'locks', role), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new AppError(
      'data_dir_in_use',
      `another ${role} is running on the data directory ${path}: stop it, or set RONDA_DATA_DIR to another folder`,
      { cause },
    )
  }
  return { release: () => lock.close() }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
