// What the command line of a scenario may say.
import { type Scenario, readScenario, scenarioNames } from '@ronda/city/scenario/scenario'
import { readCommandLine, wholeNumber } from '@ronda/runtime/command-line'

export interface Options {
  /** In the order in which they are to run. */
  scenarios: { name: string; scenario: Scenario }[]
  seed: number
  json: boolean
  /** File for the verdicts as JUnit XML. */
  junit: string | undefined
}

/** The whole library, but for what takes an hour. */
const library = 'all'
const tooLong: ReadonlySet<string> = new Set(['day'])

export function help(): string {
  const names = scenarioNames()
  const width = Math.max(...names.map((name) => name.length)) + 3
  const list = names.map((name) => `  ${name.padEnd(width)}${readScenario(name).about}`).join('\n')
  return `npm run simulate -- scenario [options] NAME
npm run simulate -- scenario [options] ${library}

The real services in a temporary folder, on free loopback ports, with a simulated city whose time runs fast, and what
is to happen in it. In the end what the system found is held against what was really wrong, fault by fault: if
something was missed, found though it was not there, found twice or too late, it exits with 1 and keeps data and logs.
The log of the run is then decided once more, at once, and has to give the same faults. A machine that is too slow for
the speed is told apart from a system that is wrong. Ctrl-C ends it early, with the verdict on what was until then.

${list}
  ${library.padEnd(width)}each of them but ${[...tooLong].join(', ')}, one after the other

  --devices N    so many devices, instead of the scenario’s
  --speed X      city time runs X times as fast as ours, instead of the scenario’s
  --seed S       another city, other victims and other moments (1)
  --restarts N   kill -9 of ingest at N random moments beside all that happens (0)
  --json         each result as one line of JSON on standard output, nothing else
  --junit FILE   the verdicts as JUnit XML too: a case for each fault and each promise
  --help
`
}

/** Undefined when help is asked for. Throws `config_invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = readCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      devices: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string', default: '1' },
      restarts: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      junit: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const asked = positionals.join(' ')
  const names = asked === library ? scenarioNames().filter((name) => !tooLong.has(name)) : [asked]
  const changes = {
    devices: values.devices === undefined ? undefined : wholeNumber('devices', values.devices, 1, 200_000),
    speed: values.speed === undefined ? undefined : wholeNumber('speed', values.speed, 1, 1_000),
    restarts: wholeNumber('restarts', values.restarts, 0, 10_000),
  }
  return {
    scenarios: names.map((name) => ({ name, scenario: changed(readScenario(name), changes) })),
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    json: values.json,
    junit: values.junit,
  }
}

interface Changes {
  devices: number | undefined
  speed: number | undefined
  restarts: number
}

function changed(scenario: Scenario, { devices, speed, restarts }: Changes): Scenario {
  const { city, lasts, timeline } = scenario
  const kills = restarts === 0 ? [] : [{ kill: 'ingest', at: 0, until: lasts, times: restarts } as const]
  return {
    ...scenario,
    city: { ...city, devices: devices ?? city.devices },
    speed: speed ?? scenario.speed,
    timeline: [...timeline, ...kills],
  }
}
