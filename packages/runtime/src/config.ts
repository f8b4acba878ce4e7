// The environment, parsed once by main.ts. All problems are reported together, in words that say what to set.
import { AppError } from '@ronda/contracts/errors'
import { type Environment, type VariableName, environment } from '@ronda/contracts/environment'
import { mqttListeners } from '@ronda/contracts/mqtt-listeners'

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** What must hold between variables; asked when each that it reads is well-formed. */
interface Rule {
  reads: readonly VariableName[]
  problemOf: (env: Environment) => string | undefined
}

const portNames = [...mqttListeners.map(({ variable }) => variable), 'RONDA_API_PORT', 'RONDA_PORT'] as const

type PortName = (typeof portNames)[number]

const rules: readonly Rule[] = [
  {
    reads: ['RONDA_BIND', 'RONDA_TRUST_PROXY', 'RONDA_ALLOW_PLAINTEXT'],
    problemOf: (env) =>
      loopback.has(env.RONDA_BIND) || env.RONDA_TRUST_PROXY !== undefined || env.RONDA_ALLOW_PLAINTEXT
        ? undefined
        : `RONDA_BIND: "${env.RONDA_BIND}" is not loopback, so passwords and cookies would cross the network unencrypted: put a TLS proxy in front and set RONDA_TRUST_PROXY, or accept it with RONDA_ALLOW_PLAINTEXT=1`,
  },
  {
    reads: ['RONDA_STORE', 'INFLUX_URL'],
    problemOf: (env) =>
      env.RONDA_STORE === 'influx' && env.INFLUX_URL === undefined
        ? 'INFLUX_URL: must be set when RONDA_STORE=influx, for example http://127.0.0.1:8086'
        : undefined,
  },
  needs(
    'RONDA_TLS_CERT',
    ['RONDA_MQTTS_PORT', 'RONDA_MQTT_WSS_PORT', 'RONDA_TLS_KEY'],
    'the file of the broker’s certificate',
  ),
  needs('RONDA_TLS_KEY', ['RONDA_MQTTS_PORT', 'RONDA_MQTT_WSS_PORT', 'RONDA_TLS_CERT'], 'the file of its private key'),
  needs('RONDA_TLS_CLIENT_CA', ['RONDA_TLS_CRL'], 'the file of the authority whose list it is'),
  ...portNames.flatMap((one, index) => portNames.slice(index + 1).map((other) => portsDiffer(one, other))),
]

/** Each of `those` is of no use, or not what it seems, without `needed`. */
function needs(needed: VariableName, those: readonly VariableName[], what: string): Rule {
  return {
    reads: [needed, ...those],
    problemOf(env) {
      const given = those.filter((name) => env[name] !== undefined)
      return given.length > 0 && env[needed] === undefined
        ? `${needed}: must be set, to ${what}, when ${given[0]} is`
        : undefined
    },
  }
}

/** Unless they are off, or the system chooses them. */
function portsDiffer(one: PortName, other: PortName): Rule {
  return {
    reads: [one, other],
    problemOf: (env) =>
      env[one] === env[other] && env[one] !== undefined && env[one] !== 0
        ? `${one}: ${env[one]} is ${other} too, and each needs a port of its own`
        : undefined,
  }
}

export type EnvironmentInput = Readonly<Record<string, string | undefined>>

/** Throws `config_invalid` with every problem. */
export function readEnvironment(input: EnvironmentInput): Environment {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  const wrong = new Set<string>()
  for (const [name, variable] of Object.entries(environment)) {
    const given = input[name] === '' ? undefined : input[name]
    const result = variable.schema.safeParse(given ?? variable.default)
    if (result.success) values[name] = result.data
    else {
      wrong.add(name)
      const shown = 'secret' in variable ? 'its value' : JSON.stringify(given)
      problems.push(`${name}: ${shown} ${result.error.issues.map(({ message }) => message).join(', ')}`)
    }
  }
  // Every name of the catalogue is in `values` but those that are wrong, which no rule reads and which stop us below.
  const parsed = values as Environment
  for (const { reads, problemOf } of rules) {
    const problem = reads.some((name) => wrong.has(name)) ? undefined : problemOf(parsed)
    if (problem !== undefined) problems.push(problem)
  }
  if (problems.length > 0) {
    throw new AppError('config_invalid', `the configuration has ${count(problems.length, 'problem')}`, { problems })
  }
  return parsed
}

/** Names that look like ours and are not: most likely a typing error. */
export function unknownVariables(input: EnvironmentInput): string[] {
  return Object.keys(input).filter((name) => name.startsWith('RONDA_') && !Object.hasOwn(environment, name))
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}
