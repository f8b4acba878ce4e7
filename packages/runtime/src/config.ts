// The environment, parsed once by main.ts. All problems are reported together, in words that say what to set.
import { AppError } from '@ronda/contracts/errors'
import { type Environment, environment } from '@ronda/contracts/environment'

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

export type EnvironmentInput = Readonly<Record<string, string | undefined>>

/** Throws `config_invalid` with every problem. */
export function readEnvironment(input: EnvironmentInput): Environment {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [name, variable] of Object.entries(environment)) {
    const given = input[name] === '' ? undefined : input[name]
    const result = variable.schema.safeParse(given ?? variable.default)
    if (result.success) values[name] = result.data
    else {
      const shown = 'secret' in variable ? 'its value' : JSON.stringify(given)
      problems.push(`${name}: ${shown} ${result.error.issues.map(({ message }) => message).join(', ')}`)
    }
  }
  // Every name of the catalogue is in `values` unless there is a problem, which stops us below.
  const parsed = values as Environment
  if (problems.length === 0) problems.push(...checkTogether(parsed))
  if (problems.length > 0) {
    throw new AppError('config_invalid', `the configuration has ${count(problems.length, 'problem')}`, { problems })
  }
  return parsed
}

/** Names that look like ours and are not: most likely a typing error. */
export function unknownVariables(input: EnvironmentInput): string[] {
  return Object.keys(input).filter((name) => name.startsWith('RONDA_') && !Object.hasOwn(environment, name))
}

function* checkTogether(env: Environment): Iterable<string> {
  if (!loopback.has(env.RONDA_BIND) && env.RONDA_TRUST_PROXY === undefined && !env.RONDA_ALLOW_PLAINTEXT) {
    yield `RONDA_BIND: "${env.RONDA_BIND}" is not loopback, so passwords and cookies would cross the network unencrypted: put a TLS proxy in front and set RONDA_TRUST_PROXY, or accept it with RONDA_ALLOW_PLAINTEXT=1`
  }
  if (env.RONDA_STORE === 'influx' && env.INFLUX_URL === undefined) {
    yield 'INFLUX_URL: must be set when RONDA_STORE=influx, for example http://127.0.0.1:8086'
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
