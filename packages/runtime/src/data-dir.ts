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

/** All that is known of the description of a version that is not known yet. */
const Version = z.object({ formatVersion: z.int() })
const Description = Version.extend({
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
    const description = readOrMake(join(path, 'ronda.json'), () =>
      JSON.stringify({
        formatVersion,
        city,
        timeScale: env.RONDA_TIME_SCALE,
        stampedOrigin: env.RONDA_TIME_START ?? realOrigin,
        realOrigin,
      } satisfies Description),
    )
    const known = parseDescription(path, description)
    checkSame(path, known, env, city)
    const adminToken = readOrMakeSecret(path, 'admin-token')
    const { timeScale: scale, stampedOrigin, realOrigin: madeAt } = known
    const clockSettings = { scale, stampedOrigin, realOrigin: madeAt }
    return { path, adminToken, clock: createClock(clockSettings), clockSettings }
  } catch (error) {
    throw error instanceof AppError ? error : unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AppError('data_dir_unusable', `the data directory ${path} cannot be used: ${why}`, { cause })
}

function parseDescription(path: string, text: string): Description {
  try {
    const content: unknown = JSON.parse(text)
    checkVersion(path, Version.parse(content).formatVersion)
    return Description.parse(content)
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('data_dir_unusable', `${path} is not a data directory of Ronda: ronda.json is not readable`, {
      cause,
    })
  }
}

function checkVersion(path: string, found: number): void {
  if (found <= formatVersion) return
  throw new AppError(
    'data_dir_newer',
    `the data directory ${path} has format ${found}, this version of Ronda knows ${formatVersion}: update Ronda, or set RONDA_DATA_DIR to another folder`,
  )
}

function checkSame(path: string, known: Description, env: DataDirOptions, city: string): void {
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

/** A secret of 256 bits in base64url, kept in a file of the data directory that only its owner may read. */
export function readOrMakeSecret(path: string, name: string): string {
  try {
    return readOrMake(join(path, name), () => randomBytes(32).toString('base64url')).trim()
  } catch (error) {
    throw unusable(path, error)
  }
}

/** The file's text; of several processes that find it missing, one makes it and all read that. */
function readOrMake(file: string, make: () => string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error
  }
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, `${make()}\n`, { mode: 0o600 })
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
  let lock: DatabaseSync | undefined
  try {
    mkdirSync(join(path, 'locks'), { recursive: true, mode: 0o700 })
    const opened = new DatabaseSync(join(path, 'locks', role), { timeout: 0 })
    lock = opened
    opened.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return { release: () => opened.close() }
  } catch (cause) {
    lock?.close()
    if (!isBusy(cause)) throw unusable(path, cause)
    throw new AppError(
      'data_dir_in_use',
      `another ${role} is running on the data directory ${path}: stop it, or set RONDA_DATA_DIR to another folder`,
      { cause },
    )
  }
}

/** SQLITE_BUSY, with whatever detail is in the higher bits: someone else holds the lock. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
