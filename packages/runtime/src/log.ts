// pino, as every service uses it: JSON lines on standard output, a constant message with its data in fields.
import type { Environment } from '@ronda/contracts/environment'
import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

export function createLog(service: string, level: Environment['RONDA_LOG_LEVEL']): Logger {
  return pino({
    level,
    base: { service },
    redact: {
      paths: ['password', 'token', '*.password', '*.token', 'req.headers.authorization', 'req.headers.cookie'],
    },
  })
}
