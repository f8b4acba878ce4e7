// A scenario: a city, a span of its time, and what happens to it, as a YAML file of ../../scenarios. Read and checked
// here, with every problem at once; what its steps come to in a given city is ./timeline.ts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { Phase } from '@ronda/contracts/device'
import { DeviceKind } from '@ronda/contracts/topics'
import { durationAdvice, readDuration } from '@ronda/runtime/duration'
import { parse } from 'yaml'
import { z } from 'zod'
import { quirks } from '../firmware.ts'
import { placeKinds } from '../fault-facts.ts'
import { type FaultKind, faultKindNames } from '../fault-kinds.ts'

/** As people write it (`90 s`, `20 min`, `1.5 h`); ms. */
export const Duration = z.string().transform((text, context) => {
  const durationMs = readDuration(text)
  if (durationMs !== undefined) return durationMs
  context.addIssue({ code: 'custom', message: `"${text}" is no duration: ${durationAdvice}` })
  return z.NEVER
})

/** The services that may be stopped and killed. */
const Service = z.enum(['broker', 'ingest', 'fanout'])

// The list is the one that the type is made of.
const Fault = z.enum(faultKindNames as [FaultKind, ...FaultKind[]])

/** Stamped, since the scenario began. */
const at = Duration.default(0)

/** One device by its id, one place by its slug, or so many that are drawn among the healthy ones of a kind. */
const Where = z.union([
  z.strictObject({ device: z.string() }),
  z.strictObject({ site: z.string() }),
  z.strictObject({ district: z.string() }),
  z.strictObject({ kind: z.enum([...DeviceKind.options, ...placeKinds]), count: z.int().min(1).default(1) }),
])

const FaultStep = z.strictObject({
  fault: Fault,
  at,
  in: Where,
  lasts: Duration,
  /** How often it comes, and from one beginning to the next. */
  times: z.int().min(1).default(1),
  every: Duration.optional(),
  /** Of a cabinet; drawn when absent. */
  phases: z.array(Phase).min(1).optional(),
  /** 0–1; drawn when absent. */
  degree: z.number().min(0).max(1).optional(),
  /** Of a clock, one of the two: how wrong it is; drawn when absent. */
  ahead: Duration.optional(),
  behind: Duration.optional(),
})

/**
 * What devices do that is no fault of them. `reboot`: each starts anew once meanwhile, at its own moment; the others are
 * in ../firmware.ts.
 */
const FirmwareStep = z.strictObject({
  firmware: z.enum(['reboot', ...quirks]),
  at,
  in: z.strictObject({ kind: DeviceKind, count: z.int().min(1).default(1) }),
  lasts: Duration,
})

/** Many faults, of every kind that its device can have, each in a device of its own. */
const RandomStep = z.strictObject({
  random: z.strictObject({
    /** Of all devices, 0–1. */
    share: z.number().min(0).max(1),
    /** Those that may come; all when absent. */
    kinds: z.array(Fault).min(1).optional(),
    /** Shortest and mean duration. */
    least: Duration,
    mean: Duration,
  }),
  at,
  /** Until then they begin. */
  until: Duration,
})

const StopStep = z.strictObject({ stop: Service, at, lasts: Duration })
/** `kill -9` at random instants; what watches over the services starts it again. */
const KillStep = z.strictObject({ kill: Service, at, until: Duration, times: z.int().min(1) })

/** An operator holds back the newest faults of a code, as many as are open then; whoever they are. */
const ShelveStep = z.strictObject({ shelve: z.string().min(1), at, count: z.int().min(1).default(1), lasts: Duration })

export const Scenario = z.strictObject({
  /** What happens and what is expected, in one line. */
  about: z.string().min(1),
  city: z.strictObject({
    devices: z.int().min(1).max(200_000),
    /** How often each device reports. */
    interval: Duration,
    /** Whether cameras tell what passes: no fault hangs on it, and it is more than all the rest. */
    sightings: z.boolean().default(true),
  }),
  /** Stamped time of the first connection; the timeline begins when all devices have been heard. */
  starts: z.iso.datetime().transform(Date.parse),
  /** How many times as fast as ours the city's time runs. */
  speed: z.number().min(1).max(1_000),
  /** Stamped: what transport and processing may add to what a rule takes. */
  slack: Duration,
  timeline: z.array(z.union([FaultStep, RandomStep, FirmwareStep, StopStep, KillStep, ShelveStep])),
  /** Since the scenario began. */
  lasts: Duration,
})
export type Scenario = z.infer<typeof Scenario>
export type Step = Scenario['timeline'][number]

const folder = join(import.meta.dirname, '..', '..', 'scenarios')
const extension = '.yaml'

export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .toSorted()
}

/** Throws `config_invalid` with every problem. */
export function readScenario(name: string): Scenario {
  const known = scenarioNames()
  if (!known.includes(name)) {
    throw new AppError(
      'config_invalid',
      `${name === '' ? 'name a scenario' : `there is no scenario ${name}`}: ${known.join(', ')}`,
    )
  }
  return parseScenario(readFileSync(join(folder, name + extension), 'utf8'), name)
}

export function parseScenario(text: string, name: string): Scenario {
  let content: unknown
  try {
    content = parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('config_invalid', `the scenario ${name} is no YAML: ${why}`, { cause })
  }
  const result = Scenario.safeParse(content)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
  throw new AppError('config_invalid', `the scenario ${name} is not valid`, { problems })
}
