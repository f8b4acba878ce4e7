// A service's life: parse the environment, start, tell the launcher, run until a signal or the launcher's end,
// stop in bounded time. Failures at start are told in plain words; exit code 2 means that only a person can mend it.
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import type { Environment } from '@ronda/contracts/environment'
import { readEnvironment, unknownVariables } from './config.ts'
import { type Logger, createLog } from './log.ts'

export interface Running {
  stop(): Promise<void>
}

/** Exit code of a failure that starting again would not mend. */
export const needsAPerson = 2

/** A service that hangs says so and ends itself, before whoever stops it loses patience. */
const stopTimeoutMs = 4_000

/** Steps of cleanups that are under way: what a service that hangs hangs in. */
const releasing = new Set<string>()

/** What a service that has started tells its launcher, over the IPC channel where there is one. */
export const readyMessage = 'ready'

const personal: ReadonlySet<ErrorCode> = new Set([
  'config_invalid',
  'city_profile_invalid',
  'port_in_use',
  'data_dir_newer',
  'data_dir_in_use',
  'data_dir_mismatch',
  'data_dir_unusable',
  'position_invalid',
  // A service that was refused as a client asked for something wrong.
  'validation_failed',
  'unauthenticated',
])

/** Runs a service until it is told to stop; `start` gets the environment and the service's log. */
export async function runService(
  name: string,
  start: (env: Environment, log: Logger) => Promise<Running>,
): Promise<void> {
  let env: Environment
  try {
    env = readEnvironment(process.env)
  } catch (error) {
    return failToStart(error)
  }
  // What the data directory holds is nobody else's to read, whatever the folder around it allows.
  process.umask(0o077)
  const log = createLog(name, env.RONDA_LOG_LEVEL)
  for (const variable of unknownVariables(process.env)) log.warn({ variable }, 'unknown environment variable, ignored')

  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'not expected: the process ends')
    process.exit(exitCodeOf(err))
  })

  const starting = start(env, log)
  let stopping = false
  const stop = (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    const timeout = setTimeout(() => {
      log.error({ timeoutMs: stopTimeoutMs, waitsFor: [...releasing] }, 'could not stop in time')
      process.exit(1)
    }, stopTimeoutMs)
    const stopped = starting.then((running) => running.stop())
    stopped.then(
      () => {
        clearTimeout(timeout)
        log.info('stopped')
        process.exit(0)
      },
      (err: unknown) => {
        log.error({ err }, 'failed while stopping')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  // The launcher holds an IPC channel to its services: when it is gone, however it went, they end too.
  const launcherEnded = () => stop('the launcher ended')
  process.on('disconnect', launcherEnded)
  // It may have gone while this process was loading its modules.
  if (process.send !== undefined && !process.connected) launcherEnded()

  try {
    await starting
  } catch (error) {
    return failToStart(error)
  }
  // Nobody listens when the launcher has just gone: then this service is stopping.
  process.send?.(readyMessage, undefined, undefined, () => {})
}

/** The exit code that tells whoever started the process whether starting again may help. */
export function exitCodeOf(error: unknown): number {
  return error instanceof AppError && personal.has(error.code) ? needsAPerson : 1
}

/** Says on standard error what is wrong: an AppError in words, a bug with its stack. */
export function tellFailure(error: unknown): void {
  if (error instanceof AppError) {
    process.stderr.write(`${error.message} (${error.code})\n`)
    for (const problem of error.problems) process.stderr.write(`  - ${problem}\n`)
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  }
}

/** Says what is wrong and ends the process. */
export function failToStart(error: unknown): never {
  tellFailure(error)
  process.exit(exitCodeOf(error))
}

/**
 * Releases what was opened, in reverse order, each even if another failed. `defer` as things are opened,
 * `close` in stop().
 */
export function createCleanup() {
  const steps: { name: string; release: () => Promise<void> | void }[] = []
  return {
    defer(name: string, release: () => Promise<void> | void): void {
      steps.push({ name, release })
    },
    async close(log: Logger): Promise<void> {
      for (const { name, release } of steps.splice(0).toReversed()) {
        releasing.add(name)
        try {
          await release()
        } catch (err) {
          log.error({ err, step: name }, 'could not release')
        } finally {
          releasing.delete(name)
        }
      }
    },
  }
}
