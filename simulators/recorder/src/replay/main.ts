// `npm run replay`: a recording to a broker; exits with 1 when not all of it was acknowledged.
import { readEnvironment } from '@ronda/runtime/config'
import { optionsOrExit } from '@ronda/runtime/command-line'
import { exitCodeOf, tellFailure } from '@ronda/runtime/lifecycle'
import { rowOf } from '@ronda/runtime/table'
import { readLogin } from '../password.ts'
import { readTokens } from './lanes.ts'
import { help, parseOptions } from './options.ts'
import { type Replayed, replay } from './replay.ts'

const options = optionsOrExit(parseOptions, () => help)
const say = (line: string) => void process.stderr.write(`${line}\n`)
const abort = new AbortController()

try {
  const { MQTT_PASSWORD: password } = readEnvironment(process.env)
  const { credentials, username } = options
  const tokens = credentials === undefined ? undefined : readTokens(credentials)
  const login = await readLogin(username, {
    password,
    input: process.stdin,
    say: (text) => void process.stderr.write(text),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())
  const result = await replay({ ...options, tokens, login, say, signal: abort.signal })
  if (result.failure !== undefined) tellFailure(result.failure)
  process.stdout.write(tableOf(result))
  process.exit(result.acknowledged === result.recorded ? 0 : 1)
} catch (error) {
  tellFailure(error)
  process.exit(exitCodeOf(error))
}

function tableOf({ late, seconds, ...counts }: Replayed): string {
  const names = ['recorded', 'sent', 'acknowledged', 'refused', 'resent'] as const
  const lateness: [string, string][] = Number.isFinite(options.speed)
    ? [
        ['late p50', `${late.p50Ms} ms`],
        ['p99', `${late.p99Ms} ms`],
        ['max', `${late.maxMs} ms`],
      ]
    : []
  return rowOf([
    ...names.map((name): [string, string] => [name, counts[name].toLocaleString('en')]),
    ['without credentials', counts.unsent.toLocaleString('en')],
    ...lateness,
    ['took', `${seconds.toFixed(1)} s`],
    ['msg/s', Math.round(counts.acknowledged / seconds).toLocaleString('en')],
  ])
}
