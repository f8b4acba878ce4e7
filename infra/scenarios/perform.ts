// A scenario's performance: the city is registered, connects, lives through the timeline and says goodbye; the system
// is left to itself until it has decided and stored all of it.
import type { Backbone } from '@ronda/backbone/backbone'
import { decodeJson } from '@ronda/backbone/record-codec'
import { type Oddity, type SimulatedCity, createCity } from '@ronda/city/city'
import type { Injection } from '@ronda/city/fault-book'
import { type World, createWorld } from '@ronda/city/physics/world'
import { planCity } from '@ronda/city/plan/plan'
import { createApi } from '@ronda/city/registration/api'
import { openCredentials } from '@ronda/city/registration/credentials'
import { register } from '@ronda/city/registration/register'
import { type Downtime, play } from '@ronda/city/scenario/play'
import type { Scenario } from '@ronda/city/scenario/scenario'
import { createTimeline } from '@ronda/city/scenario/timeline'
import { type Unit, createUnits } from '@ronda/city/unit'
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { FaultEvent } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import type { Clock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { apiUrl } from '../local/system.ts'
import { until } from '../soak/until.ts'
import { openControlRoom } from '../testing/control-room.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import { type SampledLag, watchLag } from './lag.ts'
import { type Progress, type ProgressWatch, expectAsPlanned, watchProgress } from './progress.ts'
import type { Push } from './pushes.ts'
import { type Receipts, createReceiptBook } from './receipts.ts'
import { decidedPosition } from './recording.ts'
import { patienceMs, stageOf } from './stage.ts'

export interface Performed {
  units: readonly Unit[]
  world: World
  truth: readonly Injection[]
  /** What else devices did. */
  oddities: readonly Oddity[]
  downtimes: readonly Downtime[]
  /** Of the timeline; stamped, ms UTC. */
  beginsAt: number
  endsAt: number
  /** Stamped ms in one of ours. */
  speed: number
  lag: SampledLag
  /** Messages that the broker has acknowledged. */
  acknowledged: number
  /** Of them, those before others that were sent before them. */
  acknowledgedOutOfOrder: number
  /** Undefined of a city that is too large. */
  receipts: Receipts | undefined
  /** What a control room was told, from before the first connection on. */
  pushes: readonly Push[]
  /** How often it was told that something may be missing. */
  gaps: number
  /** Readings that found no room in their devices. */
  dropped: number
  /** Devices that the broker did not accept. */
  refused: number
  /** Undefined where it did not come to rest. */
  ledger: Ledger | undefined
  /** Everything up to its end was decided in time. */
  isDecided: boolean
}

export interface PerformOptions {
  scenario: Scenario
  seed: number
  /** Told how it goes, a line at a time. */
  say: (line: string) => void
  /** Told how far it is, twice a second; absent where nobody watches. */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Where devices find the broker; its own port when absent. */
  mqttPort?: number
  /** Ends it early, with the verdict on what was until then. */
  signal: AbortSignal
}

export interface PerformDeps extends PerformOptions {
  system: RunningSystem
  backbone: Backbone
  city: City
  clock: Clock
}

/** An event that was decided is told within milliseconds. */
const tellingMs = 10_000
/** Connections of devices a second: as many as the machine gives. */
const connectsPerSecond = 1_000

export async function perform(deps: PerformDeps): Promise<Performed> {
  const { system, backbone, city, clock, scenario, seed, say, onProgress, signal } = deps
  const log = createLog('city', 'error')
  const credentials = openCredentials(system.dir)
  const api = createApi({ baseUrl: apiUrl(system.env), token: system.adminToken, log, signal })
  const { devices, interval, sightings } = scenario.city
  const planned = planCity({ city, devices, seed, intervalS: interval / 1_000 })
  const plan = await register(planned, { api, credentials, log })
  const connection = {
    host: '127.0.0.1',
    port: deps.mqttPort ?? Number(system.env.RONDA_MQTT_PORT),
    tokens: credentials.tokens,
    perSecond: connectsPerSecond,
  }
  const book = createReceiptBook(clock.now)
  const pushes: Push[] = []
  let progress: ProgressWatch | undefined
  const room = openControlRoom(system, ({ fault }) => {
    pushes.push({ at: clock.now(), faultId: fault.id, revision: fault.revision })
    progress?.hear(fault)
  })
  const simulated = createCity({
    city,
    plan,
    clock,
    seed,
    connection,
    faultsPerMinute: 0,
    sightings,
    log,
    onAcknowledged(deviceId, message, { tookMs }) {
      book.note(deviceId, message)
      lagWatch.acknowledged(tookMs)
    },
  })
  const lagWatch = watchLag({ backbone, clock, speed: scenario.speed })
  try {
    const world = createWorld(city.profile, seed)
    const units = createUnits(plan, seed)
    const whoIsMissing = () =>
      units.filter(({ id }) => {
        const { isConnected, canConnect } = simulated.device(id)
        return !isConnected && canConnect
      })
    await everybodyIsHeard(simulated, whoIsMissing, signal)
    lagWatch.begin()
    const beginsAt = clock.now()
    say(`${simulated.stats().connected} devices are connected; the timeline begins at ${timeOf(beginsAt)}`)
    const timeline = createTimeline({ scenario, units, world, seed, beginsAt })
    const endsAsPlanned = beginsAt + scenario.lasts
    if (onProgress !== undefined) {
      const { slack: slackMs } = scenario
      const planned = expectAsPlanned(timeline, { profile: city.profile, units, world, slackMs, endsAt: endsAsPlanned })
      progress = watchProgress({ city: simulated, clock, beginsAt, endsAt: endsAsPlanned, planned, onProgress })
    }
    const downtimes = await play(timeline, endsAsPlanned, {
      city: simulated,
      stage: stageOf(system, () => lagWatch.whileReturning(() => whoIsMissing().length === 0)),
      clock,
      signal,
    })
    const lag = lagWatch.stop()
    progress?.stop()
    const endsAt = clock.now()
    for (const { service, from, until: end } of downtimes) {
      say(`${service} was away from ${timeOf(from)} to ${timeOf(end)}`)
    }
    const truth = structuredClone(simulated.truth)
    const oddities = structuredClone(simulated.oddities)
    await simulated.stop()
    say('the timeline is over; waiting until all is decided and stored')
    const ledger = await ledgerAtRest(system)
    const { position } = await backbone.stream('log').head()
    const isDecided = await until(
      async () => (await decidedPosition(backbone)) >= position,
      AbortSignal.timeout(patienceMs),
    )
    await allIsTold(backbone, pushes)
    const stats = simulated.stats()
    return {
      units,
      world,
      truth,
      oddities,
      downtimes,
      beginsAt,
      endsAt,
      speed: scenario.speed,
      lag,
      acknowledged: stats.acknowledgedMessages,
      acknowledgedOutOfOrder: stats.acknowledgedOutOfOrder,
      receipts: book.receipts,
      pushes,
      gaps: room.gaps,
      dropped: stats.dropped,
      refused: stats.refused,
      ledger,
      isDecided,
    }
  } finally {
    progress?.stop()
    lagWatch.stop()
    room.close()
    await simulated.stop()
  }
}

/** Who has supply is connected and has said something: from now on its silence would be noticed. */
async function everybodyIsHeard(
  city: SimulatedCity,
  whoIsMissing: () => readonly Unit[],
  signal: AbortSignal,
): Promise<void> {
  const { devices } = city.stats()
  const timeout = AbortSignal.timeout(patienceMs + devices * 10)
  const isDone = await until(
    () => city.stats().backlog === 0 && whoIsMissing().length === 0,
    AbortSignal.any([signal, timeout]),
  )
  if (isDone) return
  signal.throwIfAborted()
  throw new AppError('unavailable', `${whoIsMissing().length} of ${devices} devices did not come to connect`)
}

/** Undefined when it does not come to rest. */
async function ledgerAtRest(system: RunningSystem): Promise<Ledger | undefined> {
  let ledger: Ledger | undefined
  const isAtRest = await until(async () => {
    ledger = await system.get<Ledger>('/api/v1/ledger')
    return ledger.pending === 0
  }, AbortSignal.timeout(patienceMs))
  return isAtRest ? ledger : undefined
}

/** Waits for the newest event to reach the control room; whether all the others have, is judged. */
async function allIsTold(backbone: Backbone, pushes: readonly Push[]): Promise<void> {
  const [entry] = await backbone.stream('faults').readLast(1)
  if (entry === undefined) return
  // The stream's only writer is the detector.
  const { fault } = decodeJson(entry.record) as FaultEvent
  await until(
    () => pushes.some(({ faultId, revision }) => faultId === fault.id && revision === fault.revision),
    AbortSignal.timeout(tellingMs),
  )
}

function timeOf(t: number): string {
  return new Date(t).toISOString()
}
