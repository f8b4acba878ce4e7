// What the command line of a scenario may say.
import { type Scenario, readScenario, scenarioNames } from '@ronda/city/scenario/scenario'
import { readCommandLine, wholeNumber } from '@ronda/runtime/command-line'

export interface Options {
  name: string
  scenario: Scenario
  seed: number
  json: boolean
}

export function help(): string {
  const names = scenarioNames()
  const width = Math.max(...names.map((name) => name.length)) + 3
  const list = names.map((name) => `  ${name.padEnd(width)}${readScenario(name).about}`).join('\n')
  return `npm run simulate -- scenario [options] NAME

The real services in a temporary folder, on free loopback ports, with a simulated city whose time runs fast, and what
is to happen in it. In the end what the system found is held against what was really wrong, fault by fault: if
something was missed, found though it was not there, found twice or too late, it exits with 1 and keeps data and logs.
The log of the run is then decided once more, at once, and has to give the same faults. A machine that is too slow for
the speed is told apart from a system that is wrong. Ctrl-C ends it early, with the verdict on what was until then.

${list}

  --devices N    so many devices, instead of the scenario’s
  --speed X      city time runs X times as fast as ours, instead of the scenario’s
  --seed S       another city, other victims and other moments (1)
  --restarts N   kill -9 of ingest at N random moments beside all that happens (0)
  --json         the result as one line of JSON on standard output, nothing else
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
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const name = positionals.join(' ')
  const scenario = readScenario(name)
  const { city, lasts, timeline } = scenario
  const devices = values.devices === undefined ? city.devices : wholeNumber('devices', values.devices, 1, 200_000)
  const speed = values.speed === undefined ? scenario.speed : wholeNumber('speed', values.speed, 1, 1_000)
  const restarts = wholeNumber('restarts', values.restarts, 0, 10_000)
  const kills = restarts === 0 ? [] : [{ kill: 'ingest', at: 0, until: lasts, times: restarts } as const]
  return {
    name,
    scenario: { ...scenario, city: { ...city, devices }, speed, timeline: [...timeline, ...kills] },
    seed: wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER),
    json: values.json,
  }
}
