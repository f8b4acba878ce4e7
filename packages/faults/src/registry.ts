// Changes of the registry: devices come, change and go, and their open faults follow. A disabled or retired device
// raises nothing and has nothing active.
import type { Device } from '@ronda/contracts/device'
import type { RegistryChange } from '@ronda/contracts/record'
import type { Causes } from './causes.ts'
import type { Conditions } from './conditions.ts'
import { registrationOf } from './device-row.ts'
import { type DeviceState, newDeviceState, newSupply, registered } from './device-state.ts'
import type { Outbox } from './effects.ts'
import { newClock } from './honest-time.ts'
import { newLampMemory } from './lamp-memory.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Outages } from './outages.ts'
import type { Presence } from './presence.ts'
import type { Rulebook } from './rules/rulebook.ts'
import type { Timers } from './timers.ts'
import type { Uplinks } from './uplinks.ts'

export interface RegistryDeps {
  timers: Timers
  outbox: Outbox
  devices: Map<string, DeviceState>
  rulebook: Rulebook
  cityNominalV: number
  lifecycle: Lifecycle
  conditions: Conditions
  causes: Causes
  outages: Outages
  uplinks: Uplinks
  presence: Presence
  /** Other rules hold for a device from now on. */
  onRules: (state: DeviceState) => void
}

export interface Registry {
  apply(change: RegistryChange): void
  /** Adds a device as it was written; what else is known of it follows. */
  restore(device: Device): DeviceState
}

export function createRegistry(deps: RegistryDeps): Registry {
  const { timers, outbox, devices, rulebook, cityNominalV, lifecycle, conditions, causes, outages, uplinks } = deps
  const { presence, onRules } = deps

  function create(device: Device): DeviceState {
    return newDeviceState(device, { rules: rulebook.of(device), cityNominalV, ring: presence.check })
  }

  /** Applies a change that may put a device elsewhere, in or out of service. */
  function move(state: DeviceState, apply: () => void): void {
    uplinks.move(state, () => outages.move(state, apply))
  }

  function add(device: Device): void {
    const state = create(device)
    move(state, () => devices.set(device.id, state))
    outbox.touch(registrationOf(state))
  }

  function remove(state: DeviceState): void {
    for (const condition of state.conditions) lifecycle.retire(condition)
    conditions.clear(state)
    timers.cancel(state)
    move(state, () => devices.delete(state.id))
    causes.reconcile(state)
    outbox.drop(registrationOf(state))
    outbox.drop(state)
  }

  /** Out of service: nothing is wrong with it, and nothing is remembered of what was under way. */
  function suspend(state: DeviceState): void {
    conditions.disable(state)
    state.lostAt = 0
    state.offlineAt = 0
    state.deadReports = 0
    state.affectedAt = 0
    state.uplinkOut = false
    if (state.supply !== undefined) Object.assign(state.supply, newSupply())
  }

  function update(state: DeviceState, device: Device, isReplaced: boolean): void {
    const wasEnabled = state.enabled
    const rules = rulebook.of(device)
    const areOther = rules !== state.rules
    move(state, () => {
      Object.assign(state, registered(device, cityNominalV))
      // What is behind it is counted by the new limits at once.
      conditions.adopt(state, rules)
      if (!device.enabled) suspend(state)
    })
    outbox.touch(registrationOf(state))
    if (areOther) onRules(state)
    if (isReplaced) {
      // Another clock, and other counters: what the old one had begun is not the new one's.
      Object.assign(state, newClock(), newLampMemory(), { lagging: undefined })
      conditions.reset(state)
    }
    presence.watch(state, { chance: isReplaced || (device.enabled && !wasEnabled) })
    for (const condition of state.conditions) lifecycle.rename(condition)
    causes.reconcile(state)
  }

  return {
    apply({ change, device }) {
      const state = devices.get(device.id)
      const isKnown = state?.device.uid === device.uid
      if (isKnown && device.revision <= state.device.revision) return
      if (change === 'retired') {
        if (isKnown) remove(state)
        return
      }
      if (isKnown) {
        update(state, device, change === 'replaced')
        return
      }
      if (state !== undefined) remove(state)
      add(device)
    },
    restore(device) {
      const state = create(device)
      devices.set(device.id, state)
      return state
    },
  }
}
