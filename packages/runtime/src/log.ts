// pino, as every service uses it: JSON lines on standard output, a constant message with its data in fields.
import type { Environment } from '@ronda/contracts/environment'
import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

// Whoever read it may be gone: nobody is there to be told, and the service ends or goes on as it would.
process.stdout.on('error', () => {})

export function createLog(service: string, level: Environment['RONDA_LOG_LEVEL']): Logger {
  const paths = ['password', 'token', '*.password', '*.token', 'req.headers.authorization', 'req.headers.cookie']
  // Not pino's own destination, which waits for ever to write to a pipe that nobody reads.
  return pino({ level, base: { service }, redact: { paths } }, process.stdout)
}
