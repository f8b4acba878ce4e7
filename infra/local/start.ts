// `npm start`: broker, ingest and fanout as child processes on loopback, with the simulated city, and one link.
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { readCity } from '@ronda/runtime/city-profile'
import { readEnvironment } from '@ronda/runtime/config'
import { failToStart, needsAPerson } from '@ronda/runtime/lifecycle'
import pretty from 'pino-pretty'
import { createSupervisor } from './supervisor.ts'
import { apiUrl, makeSignInLink, mqttUrl, services, waitUntilReady } from './system.ts'

const help = `npm start [-- options]

  --devices N     how many devices the simulated city has (300)
  --seed S        another city and other faults (1)
  --no-simulate   no simulated city: connect devices of your own
  --help

Configuration is by environment variables: see the README.
`

const { values: options } = parseArgs({
  options: {
    devices: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    'no-simulate': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  process.stdout.write(help)
  process.exit(0)
}

const { env, city } = readConfiguration()
const print = pretty({
  colorize: process.stdout.isTTY,
  ignore: 'pid,hostname,service,component',
  messageFormat: '{service}: {msg}',
  singleLine: true,
  sync: true,
})
const abort = new AbortController()
let exitCode = 0
let stopping: Promise<void> | undefined

const supervisor = createSupervisor({
  env: process.env,
  onLine(service, line, stream) {
    if (stream === 'stdout') print.write(`${line}\n`)
    else process.stderr.write(`${service}: ${line}\n`)
  },
  onGivenUp(service) {
    // Ronda goes on without its simulated city.
    if (service !== 'city') void shutDown(needsAPerson)
  },
})

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void shutDown(0))

for (const service of services) supervisor.start(service)
await waitUntilReady(env, abort.signal)
if (!abort.signal.aborted) {
  if (!options['no-simulate']) {
    supervisor.start({
      name: 'city',
      script: 'simulators/city/src/main.ts',
      args: ['--devices', options.devices, '--seed', options.seed],
    })
  }
  const adminToken = readFileSync(join(env.RONDA_DATA_DIR, 'admin-token'), 'utf8').trim()
  const link = await makeSignInLink(env, adminToken, userInfo().username)
  process.stdout.write(`
  Ronda watches ${city.profile.name}${options['no-simulate'] ? '' : ` (${options.devices} simulated devices)`}

  Control room   ${link}
                 (one use, within 10 minutes; \`npm run sign-in\` gives another)
  API            ${apiUrl(env)}/docs
  MQTT           ${mqttUrl(env)}
  Data           ${relative(process.cwd(), env.RONDA_DATA_DIR) || '.'}
  Stop           Ctrl-C

`)
}

/** Devices first, so that nothing is on its way when the broker goes; then everything else. */
function shutDown(code: number): Promise<void> {
  exitCode = Math.max(exitCode, code)
  stopping ??= (async () => {
    abort.abort()
    await supervisor.stop(['city'], 2_000)
    await supervisor.stop(['broker'], 3_000)
    await supervisor.stop(['ingest', 'fanout'], 4_500)
    process.exit(exitCode)
  })()
  return stopping
}

function readConfiguration() {
  try {
    const environment = readEnvironment(process.env)
    return { env: environment, city: readCity(environment.RONDA_CITY) }
  } catch (error) {
    return failToStart(error)
  }
}
