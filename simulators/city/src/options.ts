// The command line: what it may say, and what it means. All problems are reported together.
import { AppError } from '@ronda/contracts/errors'
import { readCommandLine } from '@ronda/runtime/command-line'
import { z } from 'zod'
import { allShares, faultKindNames, faultKinds } from './fault-kinds.ts'
import { usualFaultsPerMinute } from './fault-process.ts'

const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'must be a number')
const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number')

const Options = z.object({
  devices: wholeNumber.transform(Number).pipe(z.int().min(1).max(200_000)),
  seed: wholeNumber.transform(Number).pipe(z.int()),
  /** Folder of a city's profile; undefined: that of the environment. */
  city: z.string().min(1).optional(),
  intervalS: decimal.transform(Number).pipe(z.number().min(1).max(86_400)),
  /** Undefined: as many as suit the number of devices. */
  faultsPerMinute: decimal.transform(Number).optional(),
  connectsPerSecond: wholeNumber.transform(Number).pipe(z.int().min(1).max(100_000)),
})

export type Options = Omit<z.infer<typeof Options>, 'faultsPerMinute'> & { faultsPerMinute: number }

const flagOf: Record<keyof Options, string> = {
  devices: 'devices',
  seed: 'seed',
  city: 'city',
  intervalS: 'interval',
  faultsPerMinute: 'faults',
  connectsPerSecond: 'connects',
}

const flags = {
  devices: { type: 'string', default: '300' },
  seed: { type: 'string', default: '1' },
  city: { type: 'string' },
  interval: { type: 'string', default: '20' },
  faults: { type: 'string' },
  connects: { type: 'string', default: '200' },
  help: { type: 'boolean', default: false, short: 'h' },
} as const

/** Undefined when help is asked for. Throws `config_invalid` with every problem. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = readCommandLine({ args: [...args], options: flags })
  if (values.help) return undefined
  const result = Options.safeParse({
    devices: values.devices,
    seed: values.seed,
    city: values.city,
    intervalS: values.interval,
    faultsPerMinute: values.faults,
    connectsPerSecond: values.connects,
  })
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => {
      // The schema is flat: a path is the name of an option.
      return `--${flagOf[path[0] as keyof Options]}: ${message}`
    })
    throw new AppError('config_invalid', 'the simulated city cannot start like this; --help says more', { problems })
  }
  const { faultsPerMinute = usualFaultsPerMinute(result.data.devices), ...options } = result.data
  return { ...options, faultsPerMinute }
}

const widest = Math.max(...faultKindNames.map(({ length }) => length))
const faultLines = faultKindNames.map((kind) => {
  const { share, meanMin, seen, meaning } = faultKinds[kind]
  const when = seen === 'any time' ? '' : `; ${seen}`
  const percent = Math.round((100 * share) / allShares)
  return `  ${kind.padEnd(widest)} ${String(percent).padStart(2)} % ${String(meanMin).padStart(3)} min  ${meaning}${when}`
})

export const help = `npm run simulate -- [options]

A simulated city: registers its devices over the API, connects each over MQTT, and has them measure and report
until it is stopped (Ctrl-C). Some are faulty, from the beginning and later.

  --devices N     how many devices: about 78 % street lights, then cabinets, cameras, access points and gateways
                  (300)
  --seed S        the same seed gives the same city; another gives other streets and other faults (1)
  --city DIR      folder of the city's profile (RONDA_CITY)
  --interval S    how often each device reports, in seconds (20)
  --faults N      new faults a minute in the whole city; 0 for none (one for every 200 devices, at most 1.5)
  --connects N    connections opened in a second (200)
  --help, -h

Of the environment it reads RONDA_DATA_DIR (time, the administrator's token, and the devices' tokens in
simulator/credentials.csv), RONDA_CITY, RONDA_BIND, RONDA_API_PORT, RONDA_MQTT_PORT, RONDA_TIME_SCALE and
RONDA_LOG_LEVEL. Times, intervals and rates run with the data directory's clock.

At every start the plan is imported into the registry: what was changed there on a planned device is set back.
Devices of an earlier plan that this one lacks are disabled; devices that were retired stay out.

Faults, their share of the random ones (among those that can be seen now) and how long they last on average:

${faultLines.join('\n')}
`
