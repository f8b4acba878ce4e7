// Simulated devices under the eyes of the real fault engine, in memory: it is told what they would send over MQTT,
// births, wills and backlog, and the broker's heartbeats, in the order and at the times of a real log. Nothing waits:
// time passes as fast as it is computed.
import type { NewDevice } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import type { FieldValue } from '@ronda/contracts/fields'
import { type Input, type ReadingObject, createEngine } from '@ronda/faults/engine'
import { type InjectOptions, createFaultBook } from '../src/fault-book.ts'
import { type FaultKind, factsOf } from '../src/fault-kinds.ts'
import { hasContactor, isContactorClosed, isSupplied } from '../src/physics/mains.ts'
import { measure } from '../src/physics/measure.ts'
import { clockSkewMs, isReachable } from '../src/physics/network.ts'
import { type World, createWorld } from '../src/physics/world.ts'
import { uniform } from '../src/random.ts'
import { type Subject, type Unit, createUnits, placesOf } from '../src/unit.ts'
import { exampleCity } from './example-city.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs

interface Station {
  unit: Unit
  /** Second of every interval at which it reports. */
  slot: number
  hasPower: boolean
  isConnected: boolean
  /** Number of its newest connection. */
  session: number
  waiting: ReadingObject[]
}

/** Worlds know the nights since 2020, which takes a while to find out. */
const worlds = new Map<number, World>()

function worldOf(seed: number): World {
  const world = worlds.get(seed) ?? createWorld(exampleCity.profile, seed)
  worlds.set(seed, world)
  return world
}

export function createWatchedCity(plan: readonly NewDevice[], { seed, at }: { seed: number; at: number }) {
  const world = worldOf(seed)
  const units = createUnits(plan, seed)
  const book = createFaultBook(world)
  const city = { ...exampleCity.profile, districtNames: {} }
  const engine = createEngine({ city, epoch: 'e' })
  const latest = new Map<string, Fault>()
  const contactors = new Map<Unit, boolean>()
  let now = at
  let position = 0

  type WithoutPlace<T> = T extends Input ? Omit<T, 'position' | 'receivedAt'> : never
  const feed = (input: WithoutPlace<Input>) => {
    engine.step({ ...input, position: ++position, receivedAt: now })
    for (const { fault } of engine.takeEffects().events) latest.set(fault.id, fault)
  }

  const stations: Station[] = units.map((unit) => ({
    unit,
    slot: Math.floor(uniform(unit.key) * unit.device.intervalS),
    hasPower: isSupplied(world, unit, at),
    isConnected: false,
    session: 0,
    waiting: [],
  }))
  const stationOf = new Map(stations.map((station) => [station.unit, station]))
  const connectionOf = ({ unit, session }: Station) => ({
    deviceId: unit.id,
    source: 'broker',
    session: { connectedAt: at, number: session },
  })
  const sayStatus = (station: Station, online: boolean) => {
    const topic = `example/v1/${station.unit.kind}/${station.unit.id}/status`
    feed({ type: 'status', ...connectionOf(station), retain: true, will: !online, topic, online })
  }

  const report = (station: Station) => {
    if (!station.hasPower) return
    const { unit, waiting } = station
    const { faults = [], ...measured } = measure(world, unit, now)
    // What a device measures are its fields; times are added by who sends them.
    const fields = measured as Record<string, FieldValue>
    const skewMs = clockSkewMs(unit)
    waiting.push({ ts: now + skewMs, fields, faults })
    if (!station.isConnected) return
    const objects = waiting.splice(0).map((object) => ({ ...object, sentAt: now + skewMs }))
    feed({ type: 'telemetry', ...connectionOf(station), retain: false, objects })
  }

  /** Connects or drops off, as its supply and its uplinks let it. */
  const refresh = (station: Station) => {
    station.hasPower = isSupplied(world, station.unit, now)
    if (!station.hasPower) station.waiting.length = 0
    const isUp = station.hasPower && isReachable(station.unit)
    if (isUp === station.isConnected) return
    station.isConnected = isUp
    if (isUp) station.session += 1
    sayStatus(station, isUp)
    if (isUp) report(station)
  }
  const refreshAll = () => {
    for (const station of stations) refresh(station)
  }
  const follow = (subject: Subject, kind: FaultKind) => {
    refreshAll()
    const station = stations.find(({ unit }) => unit === subject)
    if (station !== undefined && factsOf(kind).noticed) report(station)
  }
  const moveContactors = () => {
    for (const unit of units.filter(hasContactor)) {
      const isClosed = isContactorClosed(world, unit, now)
      if (contactors.get(unit) === isClosed) continue
      contactors.set(unit, isClosed)
      const cabinet = stationOf.get(unit)
      if (cabinet !== undefined) report(cabinet)
      refreshAll()
    }
  }

  for (const device of plan) {
    const uid = device.id.replaceAll('-', '').padEnd(10, '0')
    feed({
      type: 'registry',
      change: { change: 'registered', by: 'test', device: { ...device, uid, revision: 1 } },
    })
  }
  refreshAll()

  return {
    units,
    places: placesOf(units),
    get now() {
      return now
    },
    /** Every fault so far, as it is now. */
    faults: () => [...latest.values()],
    inject(subject: Subject, kind: FaultKind, options?: InjectOptions) {
      const injection = book.inject(subject, kind, now, options)
      follow(subject, kind)
      return injection
    },
    recover(subject: Subject, kind: FaultKind) {
      book.recover(subject, kind, now)
      follow(subject, kind)
    },
    pass(minutes: number) {
      for (const end = now + minutes * minuteMs; now < end; ) {
        now += secondMs
        feed({ type: 'heartbeat', source: 'broker', accepting: true })
        const second = Math.floor(now / secondMs)
        if (second % 60 === 0) moveContactors()
        for (const station of stations) {
          if (second % station.unit.device.intervalS === station.slot) report(station)
        }
      }
    },
  }
}
