// What a failed listen means, in words that name the variable to change.
import { AppError } from '@ronda/contracts/errors'
import type { VariableName } from '@ronda/contracts/environment'

export interface ListenAddress {
  host: string
  port: number
  /** The variable that sets the port. */
  variable: VariableName
  /** The one that sets the address, where it is not RONDA_BIND. */
  hostVariable?: VariableName
}

export function listenFailure(
  error: unknown,
  { host, port, variable, hostVariable = 'RONDA_BIND' }: ListenAddress,
): AppError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    const message = `port ${port} on ${host} is in use by another program: stop that program, or set ${variable} to another port`
    return new AppError('port_in_use', message, { cause: error })
  }
  const why = error instanceof Error ? error.message : String(error)
  return new AppError('config_invalid', `cannot listen on ${host}:${port} (${variable}, ${hostVariable}): ${why}`, {
    cause: error,
  })
}
