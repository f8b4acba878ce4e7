// A scenario's performance: the city is registered, connects, lives through the timeline and says goodbye; the system
// is left to itself until it has decided and stored all of it.
import type { Backbone } from '@ronda/backbone/backbone'
import { type SimulatedCity, createCity } from '@ronda/city/city'
import type { Injection } from '@ronda/city/fault-book'
import { isSupplied } from '@ronda/city/physics/mains'
import { type World, createWorld } from '@ronda/city/physics/world'
import { planCity } from '@ronda/city/plan/plan'
import { createApi } from '@ronda/city/registration/api'
import { openCredentials } from '@ronda/city/registration/credentials'
import { register } from '@ronda/city/registration/register'
import { type Downtime, type Stage, play } from '@ronda/city/scenario/play'
import { createTimeline } from '@ronda/city/scenario/timeline'
import { type Unit, createUnits } from '@ronda/city/unit'
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import type { Fault } from '@ronda/contracts/fault'
import type { Ledger } from '@ronda/contracts/ledger'
import type { Clock } from '@ronda/runtime/clock'
import { createLog } from '@ronda/runtime/log'
import { apiUrl } from '../local/system.ts'
import { until } from '../soak/until.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import { type SampledLag, watchLag } from './lag.ts'
import { decidedPosition } from './recording.ts'
import type { RunOptions } from './run-scenario.ts'

export interface Performed {
  units: readonly Unit[]
  world: World
  truth: readonly Injection[]
  downtimes: readonly Downtime[]
  /** Of the timeline; stamped, ms UTC. */
  beginsAt: number
  endsAt: number
  lag: SampledLag
  /** Messages that the broker has acknowledged. */
  acknowledged: number
  /** Readings that found no room in their devices. */
  dropped: number
  /** Devices that the broker did not accept. */
  refused: number
  /** Undefined where it did not come to rest. */
  ledger: Ledger | undefined
  /** Everything up to its end was decided in time. */
  isDecided: boolean
}

export interface PerformDeps extends RunOptions {
  system: RunningSystem
  backbone: Backbone
  city: City
  clock: Clock
}

const minuteMs = 60_000
/** Long beside any catching up: what is not done by then is not going to be. */
const patienceMs = 120_000
/** Connections of devices a second: as many as the machine gives. */
const connectsPerSecond = 1_000

export async function perform(deps: PerformDeps): Promise<Performed> {
  const { system, backbone, city, clock, scenario, seed, say, signal } = deps
  const log = createLog('city', 'error')
  const credentials = openCredentials(system.dir)
  const api = createApi({ baseUrl: apiUrl(system.env), token: system.adminToken, log, signal })
  const { devices, interval, sightings } = scenario.city
  const planned = planCity({ city, devices, seed, intervalS: interval / 1_000 })
  const plan = await register(planned, { api, credentials, log })
  const connection = {
    host: '127.0.0.1',
    port: Number(system.env.RONDA_MQTT_PORT),
    tokens: credentials.tokens,
    perSecond: connectsPerSecond,
  }
  const simulated = createCity({ city, plan, clock, seed, connection, faultsPerMinute: 0, sightings, log })
  try {
    const world = createWorld(city.profile, seed)
    const units = createUnits(plan, seed)
    const whoIsMissing = () =>
      units.filter((unit) => {
        const { isConnected, faults } = simulated.device(unit.device.id)
        return !isConnected && !faults.includes('comm_loss') && isSupplied(world, unit, clock.now())
      })
    await everybodyIsHeard(simulated, whoIsMissing, signal)
    const beginsAt = clock.now()
    say(`${simulated.stats().connected} devices are connected; the timeline begins at ${timeOf(beginsAt)}`)
    const timeline = createTimeline({ scenario, units, world, seed, beginsAt })
    const lagWatch = watchLag({ backbone, clock, speed: scenario.speed })
    const downtimes = await play(timeline, beginsAt + scenario.lasts, {
      city: simulated,
      stage: stageOf(system, () => lagWatch.whileReturning(() => whoIsMissing().length === 0)),
      clock,
      signal,
    })
    const lag = lagWatch.stop()
    const endsAt = clock.now()
    for (const { service, from, until: end } of downtimes) {
      say(`${service} was away from ${timeOf(from)} to ${timeOf(end)}`)
    }
    const truth = structuredClone(simulated.truth)
    await simulated.stop()
    say('the timeline is over; waiting until all is decided and stored')
    const ledger = await ledgerAtRest(system)
    const { position } = await backbone.stream('log').head()
    const isDecided = await until(
      async () => (await decidedPosition(backbone)) >= position,
      AbortSignal.timeout(patienceMs),
    )
    const { acknowledgedMessages: acknowledged, dropped, refused } = simulated.stats()
    const performed = { units, world, truth, downtimes, beginsAt, endsAt, lag, ledger, isDecided }
    return { ...performed, acknowledged, dropped, refused }
  } finally {
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

/** `everybodyReturns`: resolves when all devices that can be are connected again. */
function stageOf(system: RunningSystem, everybodyReturns: () => Promise<void>): Stage {
  const isBack = async (service: string, signal: AbortSignal) => {
    await system.whenReady(signal)
    // Devices know of the broker alone.
    if (service === 'broker') await everybodyReturns()
  }
  return {
    stop: (service) => system.stopService(service),
    async start(service) {
      system.startService(service)
      await isBack(service, AbortSignal.timeout(patienceMs))
    },
    async kill(service) {
      const pid = system.pidOf(service)
      system.killHard(service)
      const timeout = AbortSignal.timeout(patienceMs)
      await until(() => system.pidOf(service) !== pid, timeout)
      await isBack(service, timeout)
    },
    async shelve(code, count, forMs) {
      const { faults } = await system.get<{ faults: Fault[] }>('/api/v1/faults?active=true')
      const ofCode = faults.filter((fault) => fault.code === code && fault.parentId === undefined)
      const newest = ofCode.toSorted((a, b) => b.raisedAt - a.raisedAt).slice(0, count)
      for (const { id } of newest) {
        const body = { reason: 'known, and seen to', durationMin: Math.ceil(forMs / minuteMs) }
        await system.post(`/api/v1/faults/${id}/shelve`, body)
      }
    },
  }
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

function timeOf(t: number): string {
  return new Date(t).toISOString()
}
