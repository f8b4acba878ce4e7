// The judgement of a performance: what was found beside what was wrong, what devices and the control room know beside
// what is kept, the log decided once more beside what was told, and what else is promised.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Unit } from '@ronda/city/unit'
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { City } from '@ronda/contracts/city'
import type { FaultEvent, FaultFilter } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import { alarmMetrics } from '@ronda/faults/alarm-metrics'
import { alarmsOf } from '@ronda/faults/alarm-notes'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import { engineCityOf } from '@ronda/ingest/engine-city'
import type { Store } from '@ronda/store/store'
import { deliveryBreaches, readArrivals } from './deliveries.ts'
import { expect } from './expectations.ts'
import { type FaultVerdict, type Grade, grade } from './grade.ts'
import { type Lag, fellBehind, watchTransport } from './lag.ts'
import { periodsOf } from './observations.ts'
import type { Performed } from './perform.ts'
import { type Promised, together } from './promises.ts'
import { pushBreaches } from './pushes.ts'
import { decidedPosition, differences, readInputs, readOutcome, replay } from './recording.ts'
import { readStored } from './stored.ts'
import { createListeners } from './variants.ts'
import { createWords } from './words.ts'

/** On something that is promised of every run. */
interface PromiseVerdict {
  promise: string
  /** What does not hold, in words. */
  breaches: string[]
}

export interface Judgement {
  grade: Pick<Grade, 'total' | 'byCode'>
  faults: FaultVerdict[]
  promises: PromiseVerdict[]
  lag: Lag
  /** By how much the machine was too slow for the speed, in words; undefined when it kept up. */
  tooSlow: string | undefined
  /** The same, where because of it nothing can be said of what was found. */
  behind: string | undefined
  /** What was missed, false or late, in words: of the machine where it did not keep up, else among the breaches. */
  untimely: string[]
  /** The alarm figures of the timeline, by what the engine lacked. */
  alarms: Record<string, AlarmMetrics>
  /** All that does not hold, in words; empty when all does. */
  breaches: string[]
}

export interface JudgeDeps {
  /** Both of the services that have ended. */
  backbone: Backbone
  store: Store
  city: City
  slackMs: number
  /** What the services printed that they should not have. */
  complaints: readonly string[]
}

export async function judge(performed: Performed, deps: JudgeDeps): Promise<Judgement> {
  const { backbone, city, slackMs, complaints } = deps
  const { profile } = city
  const { units, world, truth, downtimes, beginsAt, endsAt, ledger, isDecided } = performed
  const told = await readOutcome(backbone)
  const listeners = createListeners(engineCityOf(city), backbone.stream('log').epoch)
  const wrongClocks = new Set(truth.flatMap(({ kind, deviceId }) => (kind === 'clock_drift' ? [deviceId] : [])))
  const transport = watchTransport(beginsAt, endsAt, (deviceId) => wrongClocks.has(deviceId))
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
  const lateMs = slackMs + patienceMs * performed.speed
  const carried = together(await onReadings(performed, deps, lateMs), onEvents(performed, told.events, lateMs))
  // A machine that is too slow makes things late: where everything is in time all the same, it was fast enough.
  const untimely = [...verdict.faults.flatMap(({ breaches }) => breaches), ...verdict.unexpected, ...carried.late]
  const tooSlow = fellBehind(lag, { slackMs, startMs: startIntervals * shortestIntervalMs(units) })
  const behind = untimely.length === 0 ? undefined : tooSlow
  const promises = [
    { promise: 'the machine keeps up with the speed', breaches: behind === undefined ? [] : [behind] },
    { promise: 'nothing is found that is not there', breaches: behind === undefined ? verdict.unexpected : [] },
    { promise: 'nothing is lost', breaches: carried.lost },
    { promise: 'nothing is doubled', breaches: carried.doubled },
    { promise: 'nothing is out of order', breaches: carried.unordered },
    { promise: 'nothing is late', breaches: behind === undefined ? carried.late : [] },
    { promise: 'the ledger balances', breaches: ledgerBreaches(ledger, performed.acknowledged) },
    {
      promise: 'the same log gives the same faults',
      breaches: [...differences(told, again), ...(isDecided ? [] : ['not everything was decided'])],
    },
    { promise: 'nobody complains', breaches: [...complaints, ...deviceComplaints(performed)] },
  ]
  return {
    grade: { total: verdict.total, byCode: verdict.byCode },
    faults: verdict.faults,
    promises,
    lag,
    tooSlow,
    behind,
    untimely,
    alarms: Object.fromEntries(
      [...listeners.keys()].map((title, n) => [title, figuresOf(outcomes[n]?.events ?? [], performed)]),
    ),
    breaches: [
      ...(behind === undefined ? verdict.faults.flatMap(({ breaches }) => breaches) : []),
      ...promises.flatMap(({ breaches }) => breaches),
    ],
  }
}

/** Of ours: a process that waits so long for its turn is the machine's. */
const patienceMs = 5_000
/** A device is missed when it is silent for three of its intervals, of which it waits for one as it should. */
const startIntervals = 2
const kept: Promised = { lost: [], doubled: [], unordered: [], late: [] }

/** Of a city that is too large for it, nobody looks up reading by reading. */
async function onReadings(
  { units, receipts, acknowledgedOutOfOrder }: Performed,
  { backbone, store }: JudgeDeps,
  lateMs: number,
): Promise<Promised> {
  const order =
    acknowledgedOutOfOrder === 0
      ? []
      : [`${acknowledgedOutOfOrder} messages were acknowledged before others that were sent before them`]
  if (receipts === undefined) return { ...kept, unordered: order }
  const arrivals = await readArrivals(backbone)
  const stored = await readStored(store, units)
  return together({ ...kept, unordered: order }, deliveryBreaches({ receipts, arrivals, stored, lateMs }))
}

function onEvents(
  { pushes, gaps, downtimes, endsAt }: Performed,
  events: readonly FaultEvent[],
  lateMs: number,
): Promised {
  const lost = gaps === 0 ? [] : [`the control room was told ${gaps} times that something may be missing`]
  return together({ ...kept, lost }, pushBreaches({ events, pushes, endsAt, downtimes, lateMs }))
}

function shortestIntervalMs(units: readonly Unit[]): number {
  return Math.min(...units.map(({ device }) => device.intervalS)) * 1_000
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

function deviceComplaints({ dropped, refused }: Performed): string[] {
  return [
    ...(dropped > 0 ? [`${dropped} readings found no room in their devices`] : []),
    ...(refused > 0 ? [`${refused} devices were refused`] : []),
  ]
}
