// A simulated city: its devices at work, what is wrong with them, and the truth about it. It stands in for the
// hardware, so it knows nothing of the system but its broker's address and its devices' tokens.
import type { City } from '@ronda/contracts/city'
import type { NewDevice } from '@ronda/contracts/device'
import type { Clock } from '@ronda/runtime/clock'
import type { Logger } from '@ronda/runtime/log'
import { type Device, createDevice } from './device.ts'
import type { Quirk } from './firmware.ts'
import { type InjectOptions, type Injection, createFaultBook } from './fault-book.ts'
import { kindsIn } from './active-faults.ts'
import type { PlaceKind } from './fault-facts.ts'
import { type FaultKind, factsOf } from './fault-kinds.ts'
import { startFaultProcess } from './fault-process.ts'
import type { BrokerAddress, LinkWatcher } from './link.ts'
import { createPacer } from './pacer.ts'
import { createWorld } from './physics/world.ts'
import { createRandom } from './random.ts'
import { createScheduler } from './scheduler.ts'
import { type Subject, type Unit, createUnits, isPlace, placesOf } from './unit.ts'
import { createWatcher } from './watcher.ts'

export interface CityOptions {
  city: Pick<City, 'profile'>
  plan: readonly NewDevice[]
  clock: Clock
  seed: number
  connection: BrokerAddress & {
    /** By device id; every device of the plan has one. */
    tokens: ReadonlyMap<string, string>
    /** New connections a second, 200 when absent. */
    perSecond?: number
  }
  /** Random faults a minute, of stamped time; 0 for none but those that are injected. */
  faultsPerMinute: number
  /** Whether cameras tell what passes them by, which most of a city's messages are; true when absent. */
  sightings?: boolean
  log: Logger
  /** The broker does not accept this device. */
  onRefused?: (deviceId: string) => void
  /** The broker has acknowledged a message of readings. */
  onAcknowledged?: LinkWatcher['acknowledged']
}

/** A site or district whose devices share an uplink. */
export interface CityPlace {
  readonly faults: readonly FaultKind[]
  /** Puts it in, or gives the one that is there. Throws when its kind cannot have it. */
  injectFault(kind: FaultKind, options?: InjectOptions): Injection
  /** Takes it out again; undefined when there was none. */
  recover(kind: FaultKind): Injection | undefined
}

export interface CityDevice extends CityPlace {
  readonly device: NewDevice
  readonly isConnected: boolean
  /** It has started, and nothing between it and the broker is cut. */
  readonly canConnect: boolean
  /** From now on, or no longer. */
  setQuirk(quirk: Quirk, isOn: boolean): void
  reboot(): void
}

/** What a device did that is no fault of it; times are ms UTC, stamped. */
export interface Oddity {
  readonly deviceId: string
  readonly what: 'reboot' | Quirk
  readonly since: number
  /** Undefined while it lasts. */
  readonly until: number | undefined
}

export interface CityStats {
  devices: number
  connected: number
  /** Readings that the broker has acknowledged, and messages that they were sent in. */
  acknowledgedReadings: number
  acknowledgedMessages: number
  /** Messages that were acknowledged before others that the device had sent before them. */
  acknowledgedOutOfOrder: number
  /** Readings that wait in the devices. */
  backlog: number
  /** Readings that the devices had no room for. */
  dropped: number
  refused: number
  activeFaults: number
}

export interface SimulatedCity {
  /** Throws when the plan has no such device. */
  device(id: string): CityDevice
  /** By its slug. Throws when no device of the plan is there. */
  place(kind: PlaceKind, slug: string): CityPlace
  /** Every fault so far, random or injected, in the order in which they began. */
  readonly truth: readonly Injection[]
  /** What else devices did, in the order in which it began. */
  readonly oddities: readonly Oddity[]
  stats(): CityStats
  /** Ends all connections with a goodbye, so that no will is published; within about a second. */
  stop(): Promise<void>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const usualConnectsPerSecond = 200
/** Even a broker that takes 100 ms for each gets 2,500 a second, and a slow one is not met by all at once. */
const connectsAtOnce = 250
/** Readings that may wait in all devices together, about 400 bytes each, and in one device at least and most. */
const backlog = { total: 500_000, least: 10, most: 500 }
const goodbyeTimeoutMs = 800

/** Its devices begin to connect at once. */
export function createCity(options: CityOptions): SimulatedCity {
  const { city, plan, clock, seed, connection, sightings = true, log } = options
  const world = createWorld(city.profile, seed)
  const scheduler = createScheduler(clock)
  const { perSecond = usualConnectsPerSecond } = connection
  const pacer = createPacer(perSecond, Math.min(perSecond, connectsAtOnce))
  const watcher = createWatcher({
    broker: connection,
    log,
    onRefused: options.onRefused,
    onAcknowledged: options.onAcknowledged,
  })
  const book = createFaultBook(world)
  const units = createUnits(plan, seed)
  const devices = new Map<string, Device>()
  const deps = {
    world,
    clock,
    scheduler,
    pacer,
    watcher,
    broker: { host: connection.host, port: connection.port },
    citySlug: city.profile.slug,
    random: createRandom(seed, 'retries').next,
    sightings,
    maxBacklog: Math.min(backlog.most, Math.max(backlog.least, Math.floor(backlog.total / plan.length))),
  }

  const deviceOf = ({ device: { id } }: Unit): Device => {
    const device = devices.get(id)
    if (device === undefined) throw new Error(`the plan has no device ${id}`)
    return device
  }
  const refreshBehind = ({ behind }: Subject) => {
    for (const unit of behind) deviceOf(unit).refresh()
  }

  for (const unit of units) {
    const { id } = unit.device
    const token = connection.tokens.get(id)
    if (token === undefined) throw new Error(`the device ${id} has no token`)
    devices.set(
      id,
      createDevice(unit, token, deps, () => refreshBehind(unit)),
    )
  }

  /** After a fault came or went: who is concerned connects or drops off, who notices says so at once. */
  const follow = (subject: Subject, kind: FaultKind) => {
    const device = isPlace(subject) ? undefined : deviceOf(subject)
    if (kind === 'comm_loss' || kind === 'uplink_outage') device?.refresh()
    if (factsOf(kind).noticed) device?.report()
    if (kind === 'feeder_outage' || kind === 'uplink_outage') refreshBehind(subject)
  }
  const inject = (subject: Subject, kind: FaultKind, how?: InjectOptions) => {
    const hadIt = subject.faults[kind] !== undefined
    const injection = book.inject(subject, kind, clock.now(), how)
    if (!hadIt) follow(subject, kind)
    return injection
  }
  const recover = (subject: Subject, kind: FaultKind) => {
    const injection = book.recover(subject, kind, clock.now())
    if (injection !== undefined) follow(subject, kind)
    return injection
  }

  const oddities: Mutable<Oddity>[] = []
  const note = (deviceId: string, what: Oddity['what']) =>
    oddities.push({ deviceId, what, since: clock.now(), until: undefined })
  const endOf = (deviceId: string, what: Oddity['what']) => {
    const open = oddities.findLast((each) => each.deviceId === deviceId && each.what === what)
    if (open !== undefined) open.until ??= clock.now()
  }

  if (options.faultsPerMinute > 0) {
    startFaultProcess(options.faultsPerMinute, { units, world, seed, scheduler, now: clock.now, inject, recover })
  }
  for (const device of devices.values()) device.start()

  const places = placesOf(units)

  return {
    device(id) {
      const found = devices.get(id)
      if (found === undefined) throw new Error(`the plan has no device ${id}`)
      const { unit, link } = found
      return {
        device: unit.device,
        get isConnected() {
          return link.isConnected
        },
        get canConnect() {
          return found.canConnect
        },
        get faults() {
          return kindsIn(unit.faults)
        },
        injectFault: (kind, how) => inject(unit, kind, how),
        recover: (kind) => recover(unit, kind),
        setQuirk(quirk, isOn) {
          const others = [...unit.quirks].filter((each) => each !== quirk)
          unit.quirks = new Set(isOn ? [...others, quirk] : others)
          if (isOn) note(id, quirk)
          else endOf(id, quirk)
        },
        reboot() {
          found.reboot()
          const at = clock.now()
          oddities.push({ deviceId: id, what: 'reboot', since: at, until: at })
        },
      }
    },
    place(kind, slug) {
      const place = places.find(({ kind: placeKind, id }) => placeKind === kind && id === slug)
      if (place === undefined) throw new Error(`the plan has no ${kind} ${slug}`)
      return {
        get faults() {
          return kindsIn(place.faults)
        },
        injectFault: (kind, how) => inject(place, kind, how),
        recover: (kind) => recover(place, kind),
      }
    },
    truth: book.truth,
    oddities,
    stats() {
      let waiting = 0
      let dropped = 0
      for (const { outbox } of devices.values()) {
        waiting += outbox.waiting
        dropped += outbox.dropped
      }
      return { devices: devices.size, ...watcher.counts(), backlog: waiting, dropped, activeFaults: book.active }
    },
    async stop() {
      scheduler.stop()
      pacer.stop()
      watcher.stop()
      const all = [...devices.values()]
      const goodbye = Promise.allSettled(all.map(({ link }) => link.close()))
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, goodbyeTimeoutMs)
      })
      await Promise.race([goodbye, timeout])
      clearTimeout(timer)
      for (const { link } of all) link.drop()
    },
  }
}
