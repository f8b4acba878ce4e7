// The judgement of a performance: what was found beside what was wrong, the log decided once more beside what was told,
// and what else is promised.
import type { Backbone } from '@ronda/backbone/backbone'
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { CityProfile } from '@ronda/contracts/city'
import type { FaultEvent, FaultFilter } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import { alarmMetrics } from '@ronda/faults/alarm-metrics'
import { alarmsOf } from '@ronda/faults/alarm-notes'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import { expect } from './expectations.ts'
import { type Grade, grade } from './grade.ts'
import { type Lag, fellBehind, watchTransport } from './lag.ts'
import { periodsOf } from './observations.ts'
import type { Performed } from './perform.ts'
import { decidedPosition, differences, readInputs, readOutcome, replay } from './recording.ts'
import { createListeners } from './variants.ts'
import { createWords } from './words.ts'

export interface Judgement {
  grade: Grade
  lag: Lag
  /** Why nothing can be said of what was found, in words: the machine did not keep up with the speed. */
  behind: string | undefined
  /** The alarm figures of the timeline, by what the engine lacked. */
  alarms: Record<string, AlarmMetrics>
  /** What was promised and does not hold, in words; empty when all does. */
  breaches: string[]
}

export interface JudgeDeps {
  /** Of the services that have ended. */
  backbone: Backbone
  profile: CityProfile
  slackMs: number
}

export async function judge(performed: Performed, { backbone, profile, slackMs }: JudgeDeps): Promise<Judgement> {
  const { units, world, truth, downtimes, beginsAt, endsAt, ledger, isDecided, acknowledged, dropped, refused } =
    performed
  const told = await readOutcome(backbone)
  const listeners = createListeners(profile, backbone.stream('log').epoch)
  const transport = watchTransport(beginsAt, endsAt)
  const inputs = readInputs(backbone, await decidedPosition(backbone))
  const outcomes = await replay(inputs, [...listeners.values()], transport.see)
  // The first of them lacks nothing.
  const [again = { events: [], rows: new Map() }] = outcomes
  const lag = { ...performed.lag, transportMs: transport.mostMs }

  const rulebook = createRulebook(profile.rules)
  const words = createWords({ world, centre: profile.centre, truth, endsAt })
  const expectations = expect({ rulebook, units, truth, words, downtimes, slackMs, endsAt })
  // What the system finds after the city has ended is none of it.
  const inTime = told.events.filter(({ fault }) => fault.updatedAt <= endsAt)
  const verdict = grade(expectations, periodsOf(inTime), slackMs)
  const behind = fellBehind(lag, slackMs)
  return {
    grade: verdict,
    lag,
    behind,
    alarms: Object.fromEntries(
      [...listeners.keys()].map((title, n) => [title, figuresOf(outcomes[n]?.events ?? [], performed)]),
    ),
    breaches: [
      ...(behind === undefined ? verdict.breaches : [behind]),
      ...differences(told, again),
      ...(isDecided ? [] : ['not everything was decided']),
      ...ledgerBreaches(ledger, acknowledged),
      ...(dropped > 0 ? [`${dropped} readings found no room in their devices`] : []),
      ...(refused > 0 ? [`${refused} devices were refused`] : []),
    ],
  }
}

function figuresOf(events: readonly FaultEvent[], { beginsAt, endsAt }: Performed): AlarmMetrics {
  const inTime = events.filter(({ fault }) => fault.updatedAt <= endsAt)
  const { notes, open } = alarmsOf(inTime)
  const everybody: FaultFilter = { districts: [], kinds: [], severities: [], agencies: [] }
  return alarmMetrics({ filter: everybody, from: beginsAt, to: endsAt, now: endsAt }, notes, open)
}

function ledgerBreaches(ledger: Ledger | undefined, acknowledged: number): string[] {
  if (ledger === undefined) return ['the ledger did not come to rest: messages are still pending']
  const { accepted, balanced, deadLettered } = ledger
  return [
    ...(balanced ? [] : [`the ledger does not balance: ${JSON.stringify(ledger)}`]),
    ...(deadLettered > 0 ? [`${deadLettered} messages were dead-lettered`] : []),
    ...(accepted < acknowledged ? [`of ${acknowledged} acknowledged messages the ledger has ${accepted}`] : []),
  ]
}
