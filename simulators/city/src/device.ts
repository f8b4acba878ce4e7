// A simulated device at work: measures at its times, keeps what it has measured until it is delivered, and is
// connected as long as it has power and its radio works.
import { type Link, type LinkDeps, createLink } from './link.ts'
import { type Outbox, createOutbox } from './outbox.ts'
import { burstOf, withMissingFields } from './firmware.ts'
import { cameraEvent, eventsPerHour } from './physics/camera.ts'
import { hasContactor, isSupplied, nextContactorChange } from './physics/mains.ts'
import { measure } from './physics/measure.ts'
import { clockSkewMs, isReachable } from './physics/network.ts'
import type { World } from './physics/world.ts'
import { subkey, uniform } from './random.ts'
import type { Unit } from './unit.ts'

export interface DeviceDeps extends LinkDeps {
  world: World
  /** Whether cameras tell what passes. */
  sightings: boolean
  /** How many readings of a channel it keeps while it cannot deliver them. */
  maxBacklog: number
}

export interface Device {
  readonly unit: Unit
  readonly link: Pick<Link, 'isConnected' | 'close' | 'drop'>
  readonly outbox: Pick<Outbox, 'waiting' | 'dropped'>
  /** It has started, and nothing between it and the broker is cut. */
  readonly canConnect: boolean
  start(): void
  /** Measures now, out of turn. */
  report(): void
  /** Starts anew: its connection breaks, what it has measured and not delivered is forgotten. */
  reboot(): void
  /** Looks whether it has power and a radio link, and acts accordingly; to be called after either changed. */
  refresh(): void
}

const hourMs = 3_600_000
/** From power to the first connection, stamped: between these two, each device in its own time. */
const bootMs = { least: 1_000, most: 6_000 }
/** From the moment at which new firmware is started to the first connection. */
const rebootMs = { least: 20_000, most: 75_000 }
const use = { phase: 140, boot: 141, events: 142, reboot: 143 } as const

/** ms after every whole multiple of its interval at which a device reports. */
export function reportPhaseMs({ key, device }: Unit): number {
  return Math.floor(uniform(subkey(key, use.phase)) * device.intervalS * 1_000)
}

/** `onContactor` is called after the contactor of a cabinet has moved. */
export function createDevice(unit: Unit, token: string, deps: DeviceDeps, onContactor: () => void): Device {
  const { world, clock, scheduler } = deps
  const { device, key } = unit
  const intervalMs = device.intervalS * 1_000
  const phaseMs = reportPhaseMs(unit)
  const outbox = createOutbox(deps.maxBacklog)
  // Who has nothing to deliver after connecting shows that it is there.
  const onConnected = () => {
    if (outbox.waiting === 0) report()
  }
  const ownTime = (t: number) => t + clockSkewMs(unit)
  const take = () => {
    const sentAt = ownTime(clock.now())
    if (unit.quirks.has('burst')) return burstOf(outbox.nextOneByOne(sentAt), key)
    const message = outbox.next(sentAt)
    return message === undefined ? [] : [message]
  }
  const link = createLink({ device, token, outbox, take, onConnected }, deps)
  let hasPower = isSupplied(world, unit, clock.now())
  let isStarting = false
  let sequence = 0
  let sightings = 0

  const report = () => {
    if (!hasPower || isStarting) return
    const ts = clock.now()
    const measured = measure(world, unit, ts)
    const told = unit.quirks.has('missing-fields') ? withMissingFields(measured, key) : measured
    outbox.add('telemetry', { ts: ownTime(ts), seq: sequence++, ...told })
    link.flush()
  }

  const reportInTurn = () => {
    report()
    scheduleReport()
  }
  /** At the next time that its interval and phase give: what was missed while the process slept is not made up for. */
  const scheduleReport = () => {
    const periods = Math.floor((clock.now() - phaseMs) / intervalMs) + 1
    scheduler.at(periods * intervalMs + phaseMs, reportInTurn)
  }

  const watchTheRoad = () => {
    const now = clock.now()
    const event = cameraEvent(world, unit, now)
    if (event !== undefined && hasPower && !isStarting) {
      outbox.add('event', { ...event, ts: ownTime(now), seq: sequence++ })
      link.flush()
    }
    scheduleSighting()
  }
  const scheduleSighting = () => {
    const draw = uniform(subkey(key, use.events), sightings++)
    scheduler.at(clock.now() + (-Math.log(1 - draw) * hourMs) / eventsPerHour, watchTheRoad)
  }

  const moveContactor = () => {
    report()
    onContactor()
    scheduleContactor()
  }
  const scheduleContactor = () => {
    scheduler.at(nextContactorChange(world, unit, clock.now()), moveContactor)
  }

  const canConnect = () => hasPower && !isStarting && isReachable(unit)
  const connect = () => {
    if (canConnect()) link.open()
  }
  const inOwnTime = (useOf: number, { least, most }: { least: number; most: number }) =>
    clock.now() + least + uniform(subkey(key, useOf)) * (most - least)

  return {
    unit,
    link,
    outbox,
    get canConnect() {
      return canConnect()
    },
    start() {
      connect()
      scheduleReport()
      if (device.kind === 'camera' && deps.sightings) scheduleSighting()
      if (hasContactor(unit)) scheduleContactor()
    },
    report,
    reboot() {
      if (!hasPower || isStarting) return
      isStarting = true
      unit.poweredAt = clock.now()
      link.drop()
      outbox.clear()
      scheduler.at(inOwnTime(use.reboot, rebootMs), () => {
        isStarting = false
        connect()
      })
    },
    refresh() {
      const hadPower = hasPower
      hasPower = isSupplied(world, unit, clock.now())
      if (!hasPower || !isReachable(unit)) link.drop()
      if (!hasPower) outbox.clear()
      else if (hadPower) connect()
      else scheduler.at(inOwnTime(use.boot, bootMs), connect)
    },
  }
}
