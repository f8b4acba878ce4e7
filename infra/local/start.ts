// `npm start`: broker, ingest and fanout as child processes on loopback, with the simulated city, and one link.
import { userInfo } from 'node:os'
import { relative } from 'node:path'
import { readCity } from '@ronda/runtime/city-profile'
import { readCommandLine } from '@ronda/runtime/command-line'
import { readEnvironment } from '@ronda/runtime/config'
import { claimRole, openDataDir } from '@ronda/runtime/data-dir'
import { exitCodeOf, failToStart, needsAPerson, tellFailure } from '@ronda/runtime/lifecycle'
import pretty from 'pino-pretty'
import { createSupervisor } from './supervisor.ts'
import { apiUrl, makeSignInLink, mqttUrls, services, stopServices, waitUntilReady } from './system.ts'

const help = `npm start [-- options]

  --devices N     how many devices the simulated city has (300)
  --seed S        another city and other faults (1)
  --no-simulate   no simulated city: connect devices of your own
  --help

Configuration is by environment variables: see the README.
`

const { options, env, city, dataDir, role } = prepare()
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

try {
  await run()
} catch (error) {
  // While everything stops, what no longer answers is no failure.
  if (!abort.signal.aborted) {
    tellFailure(error)
    await shutDown(exitCodeOf(error))
  }
}

async function run(): Promise<void> {
  for (const service of services) supervisor.start(service)
  await waitUntilReady(env, {
    supervisor,
    signal: abort.signal,
    onWaiting(problems) {
      process.stderr.write(`Not ready yet:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`)
    },
  })
  if (abort.signal.aborted) return
  const link = await makeSignInLink(env, dataDir.adminToken, userInfo().username)
  if (abort.signal.aborted) return
  if (!options['no-simulate']) {
    supervisor.start({
      name: 'city',
      script: 'simulators/city/src/main.ts',
      args: ['--devices', options.devices, '--seed', options.seed],
    })
  }
  process.stdout.write(`
  Ronda watches ${city.profile.name}${options['no-simulate'] ? '' : ` (${options.devices} simulated devices)`}

  Control room   ${link}
                 (one use, within 10 minutes; \`npm run sign-in\` gives another)
  API            ${apiUrl(env)}/docs
  MQTT           ${mqttUrls(env).join(', ') || 'off'}
  Data           ${relative(process.cwd(), dataDir.path) || '.'}
  Stop           Ctrl-C

`)
}

/**
 * Devices first, so that nothing is on its way when the broker goes; then the services. Each takes the time that it
 * needs and no more; all of it is over within 5 s unless something hangs.
 */
function shutDown(code: number): Promise<void> {
  exitCode = Math.max(exitCode, code)
  stopping ??= (async () => {
    abort.abort()
    await supervisor.stop(['city'], 2_000)
    await stopServices(supervisor)
    role.release()
    process.exit(exitCode)
  })()
  return stopping
}

/** Everything that can be known to be wrong before a service runs, told once. */
function prepare() {
  try {
    const { values: options } = readCommandLine({
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
    const env = readEnvironment(process.env)
    const city = readCity(env.RONDA_CITY)
    process.umask(0o077)
    const dataDir = openDataDir(env, city.profile.slug)
    return { options, env, city, dataDir, role: claimRole(dataDir.path, 'launcher') }
  } catch (error) {
    return failToStart(error)
  }
}
