// The options of a command, read by its main module.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError } from '@ronda/contracts/errors'
import { durationAdvice, readDuration } from './duration.ts'
import { failToStart } from './lifecycle.ts'

/** What the command line asks for; ends the process after the help, for which `parse` gives undefined, or a refusal. */
export function optionsOrExit<T>(parse: (args: readonly string[]) => T | undefined, help: () => string): T {
  try {
    const parsed = parse(process.argv.slice(2))
    if (parsed !== undefined) return parsed
    process.stdout.write(help())
    return process.exit(0)
  } catch (error) {
    return failToStart(error)
  }
}

/** As `parseArgs`, but throws `config_invalid` for an option that there is not. */
export function readCommandLine<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('config_invalid', `${why}; --help says what there is`, { cause })
  }
}

/** A whole number that an option states; throws `config_invalid`. */
export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new AppError('config_invalid', `--${flag}: a whole number from ${least} to ${most}`)
}

/** A span of time that an option states, in ms; throws `config_invalid`. */
export function duration(flag: string, text: string): number {
  const durationMs = readDuration(text)
  if (durationMs !== undefined && durationMs > 0) return durationMs
  throw new AppError('config_invalid', `--${flag}: "${text}" is no duration: ${durationAdvice}`)
}
