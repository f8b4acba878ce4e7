// Whether a device is dark because it is meant to be. Lamps of a `switched` supply are behind the contactor of
// their cabinet: open, they are dead and silent, and nobody is to be woken for it. The cabinet says how its
// contactor is; where it does not, lamps are taken to be off unless it is night.
import type { DeviceState } from './device-state.ts'
import type { LogClock } from './log-clock.ts'
import type { Sun } from './sun.ts'

export interface Contactors {
  /**
   * Whether the supply of a device is switched off, judging by what its cabinet said, as far as that is not older
   * than the first sign of it (`since`, ms UTC of log time; the word of a cabinet is a report interval old).
   */
  isOff(state: DeviceState, since: number): boolean
  /** Whether the lamps of a `switched` supply behind a cabinet are off. */
  isOpen(cabinet: DeviceState): boolean
  /** Whether lamps whose contactor nobody tells of are off: unless it is night. */
  isByDay(): boolean
  /** Log time at which a device was last given supply, by contactor or after an outage; 0: not known. */
  suppliedAt(state: DeviceState): number
}

export interface ContactorsDeps {
  log: LogClock
  sun: Sun
  devices: ReadonlyMap<string, DeviceState>
}

export function createContactors({ log, sun, devices }: ContactorsDeps): Contactors {
  function cabinetOf({ device }: DeviceState): DeviceState | undefined {
    return device.cabinet === undefined ? undefined : devices.get(device.cabinet)
  }

  const isByDay = () => sun.phase(log.time) !== 'night'

  return {
    isByDay,
    isOff(state, since) {
      if (state.device.supply !== 'switched') return false
      const { contactorClosed, contactorAt = 0 } = cabinetOf(state)?.supply ?? {}
      if (contactorClosed === false) return true
      if (contactorClosed === true && contactorAt > since) return false
      return isByDay()
    },
    isOpen: ({ supply }) => (supply?.contactorClosed === undefined ? isByDay() : !supply.contactorClosed),
    suppliedAt(state) {
      const { poweredAt = 0, contactorClosed, closedAt = 0 } = cabinetOf(state)?.supply ?? {}
      if (state.device.supply !== 'switched') return poweredAt
      if (contactorClosed !== undefined) return Math.max(poweredAt, closedAt)
      return isByDay() ? poweredAt : Math.max(poweredAt, sun.nightSince(log.time))
    },
  }
}
