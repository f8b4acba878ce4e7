// `npm run record`: real traffic of a broker into a file.
import { readEnvironment } from '@ronda/runtime/config'
import { optionsOrExit } from '@ronda/runtime/command-line'
import { exitCodeOf, tellFailure } from '@ronda/runtime/lifecycle'
import { readLogin } from '../password.ts'
import { help, parseOptions } from './options.ts'
import { record } from './recorder.ts'

const options = optionsOrExit(parseOptions, () => help)
const say = (line: string) => void process.stderr.write(`${line}\n`)
const abort = new AbortController()

try {
  const { MQTT_PASSWORD: password } = readEnvironment(process.env)
  const login = await readLogin(options.username, {
    password,
    input: process.stdin,
    say: (text) => void process.stderr.write(text),
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())
  const { messages, gaps, seconds, bytes } = await record({ ...options, login, say, signal: abort.signal })
  const interrupted = gaps === 0 ? 'without interruption' : `with ${gaps} interruptions`
  say(`${messages} messages in ${Math.round(seconds)} s, ${interrupted}, ${bytes} bytes: ${options.out}`)
  process.exit(0)
} catch (error) {
  tellFailure(error)
  process.exit(exitCodeOf(error))
}
