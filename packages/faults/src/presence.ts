// Who can be heard. Every device has one timer, which is not moved when the device is heard: it looks when it
// rings whether the silence has become too long. A device is watched from the first time that it was connected;
// it is lost when it is silent for longer than three intervals, or did not come back after its will. Silence that is
// not the device's (a blind source, an open contactor) is no loss, and afterwards it gets time to report.
import type { Session } from '@ronda/contracts/record'
import type { Contactors } from './contactors.ts'
import { type DeviceState, isSteady, patienceMs } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { StatusInput } from './input.ts'
import type { LogClock } from './log-clock.ts'
import type { Loss } from './rules/rule.ts'
import type { Source, Sources } from './sources.ts'
import type { Timers } from './timers.ts'

/** A device is lost when it is not back so long after its will (ms). */
export const offlineForMs = 120_000

export interface PresenceDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  sources: Sources
  contactors: Contactors
  /** The device was lost, found, or heard for the first time. */
  onChange: (state: DeviceState) => void
}

export interface Presence {
  /** A sign of life. */
  hear(state: DeviceState, source: Source, session: Session): void
  status(state: DeviceState, source: Source, input: StatusInput): void
  /** The presence timer rang. */
  check(state: DeviceState): void
  /** Watches anew after the registry changed the device; with `chance`, it gets time to report from now on. */
  watch(state: DeviceState, options: { chance: boolean }): void
  loss(state: DeviceState): Loss | undefined
  /** When a device that is still not well may be blamed for it: it had supply, time, and somebody listened. */
  blameFrom(state: DeviceState): number
}

export function createPresence({ log, timers, outbox, sources, contactors, onChange }: PresenceDeps): Presence {
  /** Until when it is given time to report, since the registry, its source or its supply let it. */
  function chanceUntil(state: DeviceState): number {
    const since = Math.max(state.chanceAt, state.source?.returnedAt ?? 0, contactors.suppliedAt(state))
    return since + patienceMs(state) + 1
  }

  /** When the device is lost if nothing is heard of it until then. */
  function deadline(state: DeviceState): number {
    const chance = chanceUntil(state)
    const silentAt = Math.max(state.seenAt + patienceMs(state) + 1, chance)
    if (state.offlineAt === 0) return silentAt
    // Connections break with their source, and when lamps start: a will is not held against its device before.
    return Math.min(silentAt, Math.max(state.offlineAt + offlineForMs, chance))
  }

  /** When to look again at a device whose silence is not its own, or not yet. */
  function excusedUntil(state: DeviceState): number | undefined {
    const { source } = state
    // A source that comes back gives the device as much time again; one that was only late does not.
    if (source !== undefined && sources.isInDoubt(source)) return sources.askAgainAt(source, patienceMs(state))
    return contactors.isOff(state, state.seenAt) ? log.time + patienceMs(state) : undefined
  }

  function wake(state: DeviceState): void {
    const wasMissed = state.lostAt !== 0 || state.due === Infinity
    state.offlineAt = 0
    state.lostAt = 0
    timers.set(state, deadline(state))
    state.isSteady = true
    if (wasMissed) onChange(state)
  }

  function hear(state: DeviceState, source: Source, session: Session): void {
    state.seenAt = log.time
    state.source = source
    if (isAfter(state, session)) follow(state, session)
    outbox.touch(state)
    if (!state.isSteady) wake(state)
  }

  return {
    hear,

    status(state, source, input) {
      const { session, will, retain, online } = input
      if (!will && !retain) hear(state, source, session)
      // A connection that has been followed by another one has nothing more to say about the device.
      if (isBefore(state, session)) return
      follow(state, session)
      outbox.touch(state)
      outbox.status(state.id, { online, at: input.receivedAt, topic: input.topic })
      if (online) state.offlineAt = 0
      else if (state.offlineAt === 0) state.offlineAt = log.time
      if (state.seenAt === 0 && state.chanceAt === 0) {
        // Never heard, but known to have been connected: watched from here on.
        state.chanceAt = log.time
        state.source = source
        timers.set(state, deadline(state))
        onChange(state)
      } else if (state.lostAt === 0) {
        timers.set(state, deadline(state))
      }
      state.isSteady = isSteady(state)
    },

    check(state) {
      outbox.touch(state)
      const silentAt = state.seenAt + patienceMs(state) + 1
      // The usual case: it was heard since. Whatever else gives it time is looked at when that is over.
      const due = state.offlineAt === 0 && log.time < silentAt ? silentAt : deadline(state)
      const lookAgainAt = log.time < due ? due : excusedUntil(state)
      if (lookAgainAt !== undefined) {
        timers.set(state, lookAgainAt)
      } else {
        state.lostAt = log.time
        state.isSteady = false
        onChange(state)
      }
    },

    watch(state, { chance }) {
      outbox.touch(state)
      const isWatched = state.seenAt !== 0 || state.chanceAt !== 0
      if (isWatched && chance) state.chanceAt = log.time
      if (!state.enabled) timers.cancel(state)
      else if (isWatched && state.lostAt === 0) timers.set(state, deadline(state))
      state.isSteady = isSteady(state)
    },

    blameFrom: (state) => excusedUntil(state) ?? chanceUntil(state),

    loss(state) {
      if (state.lostAt === 0) return undefined
      const since = state.seenAt === 0 ? state.chanceAt : state.seenAt
      return { offline: state.offlineAt !== 0, forMs: log.time - since }
    },
  }
}

/** Whether a connection was made after the newest one that the device is known by. */
function isAfter({ connectedAt, connection }: DeviceState, session: Session): boolean {
  return session.connectedAt > connectedAt || (session.connectedAt === connectedAt && session.number > connection)
}

function isBefore({ connectedAt, connection }: DeviceState, session: Session): boolean {
  return session.connectedAt < connectedAt || (session.connectedAt === connectedAt && session.number < connection)
}

function follow(state: DeviceState, { connectedAt, number }: Session): void {
  state.connectedAt = connectedAt
  state.connection = number
}
