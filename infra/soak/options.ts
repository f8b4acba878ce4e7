// What the command line of a soak may say.
import { AppError } from '@ronda/contracts/errors'
import { duration, readCommandLine, wholeNumber } from '@ronda/runtime/command-line'
import { isInstalled } from '../testing/servers.ts'
import { canMakeSlowDisks } from '../testing/slow-disk.ts'
import { canMakeDisks } from '../testing/small-disk.ts'
import { scenarios } from './scenarios.ts'
import type { SoakOptions } from './soak.ts'

export type Options = Omit<SoakOptions, 'say' | 'signal'> & {
  /** The scenario's name. */
  name: string
  json: boolean
}

const width = Math.max(...Object.keys(scenarios).map((name) => name.length)) + 3

export const help = `npm run soak -- [options] SCENARIO

The real services in a temporary folder, on free loopback ports, under a steady load of MQTT clients; round after
round they are disturbed, after a pause of random length. In the end every reading that was acknowledged has to be in
the store exactly once, every other at most once, the ledger has to balance, and each camera that lost its picture on
the way, one in a round, has to have its fault, raised once: if not, it exits with 1 and keeps data and logs. Ctrl-C
ends it early, with the verdict on the rounds that were done.

${Object.entries(scenarios)
  .map(([name, { about }]) => `  ${name.padEnd(width)}${about}`)
  .join('\n')}

  --rounds N    how often (kills 100, partition 8, others 3)
  --lasts T     how long each disturbance is, as 30s or 10min (10s)
  --store S     embedded, or influx: an InfluxDB 1.x of its own, where it is installed (embedded; influx
                for store-outage)
  --clients N   how many MQTT clients, each with one device (100)
  --rate N      messages a second over all of them (2000)
  --seed S      the same seed draws the same pauses (1)
  --json        the result as one line of JSON on standard output, nothing else
  --help
`

/** Undefined when help is asked for. Throws `config_invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = readCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      lasts: { type: 'string', default: '10s' },
      store: { type: 'string' },
      clients: { type: 'string', default: '100' },
      rate: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const name = positionals.join(' ')
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
  if (scenario === undefined) {
    const known = Object.keys(scenarios).join(', ')
    throw new AppError(
      'config_invalid',
      `${name === '' ? 'name a scenario' : `there is no scenario ${name}`}: ${known}`,
    )
  }
  const { store = scenario.needs === 'influxd' ? 'influx' : 'embedded' } = values
  if (store !== 'embedded' && store !== 'influx') {
    throw new AppError('config_invalid', `--store: ${store} is neither embedded nor influx`)
  }
  if (store === 'influx' && !isInstalled('influxd')) {
    throw new AppError(
      'config_invalid',
      '--store influx: install InfluxDB 1.x first (Debian: apt-get install influxdb)',
    )
  }
  if (scenario.needs === 'influxd' && store !== 'influx') {
    throw new AppError('config_invalid', `${name} needs --store influx: the embedded store cannot be away`)
  }
  if (scenario.needs === 'smallDisk' && !canMakeDisks()) {
    throw new AppError('config_invalid', `${name} needs a disk of its own, which only root on Linux may make`)
  }
  if (scenario.needs === 'slowDisk' && !canMakeSlowDisks()) {
    throw new AppError(
      'config_invalid',
      `${name} needs a disk of its own, which only root on Linux may make, with nbdfuse (Debian: apt-get install libnbd-bin)`,
    )
  }
  const clients = wholeNumber('clients', values.clients, 1, 5_000)
  return {
    name,
    scenario,
    store,
    clients,
    rounds: wholeNumber('rounds', values.rounds ?? String(scenario.rounds), 1, 1_000_000),
    lastsMs: duration('lasts', values.lasts),
    // At most one reading of a device in a millisecond, so that each has a time of its own.
    messagesPerSecond: wholeNumber('rate', values.rate, 1, 1_000 * clients),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    json: values.json,
  }
}
