// The way back from written rows to a running engine. Everything that is not in a row is derived here: timers from
// their due times, groups from their lamps, consequences from their faults.
import type { Verdict } from '@ronda/contracts/action'
import type { Device } from '@ronda/contracts/device'
import { AppError } from '@ronda/contracts/errors'
import type { Fault, FaultRow } from '@ronda/contracts/fault'
import type { MaintenanceWindow } from '@ronda/contracts/maintenance'
import { type Actions, verdictRows } from './actions.ts'
import type { Causes } from './causes.ts'
import type { Conditions } from './conditions.ts'
import type { Deadlines } from './deadlines.ts'
import { type DeviceRow, decodeDevice, deviceRows, placeRows, registrationOf, registryRows } from './device-row.ts'
import { type DeviceState, type FaultIndex, isSteady } from './device-state.ts'
import type { Kept, Outbox, StateRow } from './effects.ts'
import { reopenForMs } from './lifecycle.ts'
import type { LogClock } from './log-clock.ts'
import { migrate, stateVersion } from './migration.ts'
import { type Maintenance, windowRows } from './maintenance.ts'
import type { Outages } from './outages.ts'
import { withPeriods } from './periods.ts'
import type { Places } from './places.ts'
import type { Registry } from './registry.ts'
import { type SourceRow, type Sources, sourceRows } from './sources.ts'
import type { Timers } from './timers.ts'
import type { Uplinks } from './uplinks.ts'

const engineKey = 'engine'

interface EngineRow {
  /** Version of all rows; absent in version 0. */
  v?: number
  epoch: string
  position: number
  logTime: number
}

/** The engine's own row: how far it has decided. */
export function engineRow(epoch: string, log: LogClock): Kept {
  return {
    key: engineKey,
    touched: false,
    encode: (): EngineRow => ({ v: stateVersion, epoch, position: log.position, logTime: log.time }),
  }
}

export interface RestoreDeps {
  epoch: string
  log: LogClock
  timers: Timers
  outbox: Outbox
  faults: FaultIndex
  sources: Sources
  registry: Registry
  actions: Actions
  conditions: Conditions
  causes: Causes
  outages: Outages
  maintenance: Maintenance
  deadlines: Deadlines
  uplinks: Uplinks
  places: Places
}

/**
 * Rows in any order; throws `position_invalid` when they belong to another log, `data_dir_newer` when a newer version
 * wrote them. Those of an older one are all written anew with the next effects.
 */
export function restoreState(
  { state, faults: faultRows }: { state: Iterable<StateRow>; faults: Iterable<FaultRow> },
  deps: RestoreDeps,
): void {
  const { epoch, log, timers, outbox, faults, sources, registry, actions, conditions, causes, outages } = deps
  const { uplinks, places, maintenance, deadlines } = deps
  const written = [...state]
  const version = versionOf(written)
  const rows = migrate(written, version)
  const isOld = version < stateVersion
  const devices = new Map<string, DeviceState>()
  for (const { key, value } of rows) {
    // Each kind of row is what the engine itself gave under this kind of key.
    if (key === engineKey) resume(value as EngineRow)
    else if (key.startsWith(sourceRows)) renew(sources.restore(value as SourceRow))
    else if (key.startsWith(verdictRows)) renew(actions.restore(value as Verdict))
    else if (key.startsWith(windowRows)) renew(maintenance.restore(value as MaintenanceWindow))
    else if (key.startsWith(registryRows)) {
      const device = value as Device
      const restored = registry.restore(device)
      devices.set(device.id, restored)
      if (isOld) outbox.touch(registrationOf(restored))
    }
  }

  /** What an older version wrote is written anew: what is left of it goes, what is read from it comes. */
  function renew(kept: Kept): void {
    if (isOld) outbox.touch(kept)
  }

  function resume(row: EngineRow): void {
    if (row.epoch !== epoch) {
      throw new AppError('position_invalid', `the fault engine's state belongs to the log ${row.epoch}, not ${epoch}`)
    }
    log.position = row.position
    log.time = row.logTime
    log.until = row.logTime
  }

  /** A place is where it was when its fault was raised; devices have a row that says so. */
  function recall(state: DeviceState, fault: Fault): void {
    if (placeOf(fault.kind, fault.deviceId) === state) places.recall(state, fault)
  }

  function placeOf(kind: string, slug: string): DeviceState | undefined {
    return kind === 'site' || kind === 'district' ? places.of(kind, slug) : undefined
  }

  /** Whose row it is, of what has faults. */
  function ownerOf(key: string): DeviceState | undefined {
    if (key.startsWith(deviceRows)) return devices.get(key.slice(deviceRows.length))
    if (!key.startsWith(placeRows)) return undefined
    const [kind = '', slug = ''] = key.slice(placeRows.length).split(':')
    return placeOf(kind, slug)
  }

  for (const { key, value } of rows) {
    const device = ownerOf(key)
    if (device === undefined) continue
    renew(device)
    decodeDevice(device, value as DeviceRow, {
      sourceOf: sources.of,
      setTimer: timers.set,
      addCondition: (of, code) => conditions.add(of, of.rules.of(code)),
    })
    device.isSteady = isSteady(device)
    for (const condition of device.conditions) {
      if (condition.closed === undefined) continue
      condition.closed = withPeriods(condition.closed)
      const closed = condition.closed.fault
      if (closed.closedAt === undefined) continue
      faults.set(closed.id, condition)
      recall(device, closed)
      if (!closed.active) timers.set(condition.forget, closed.closedAt + reopenForMs)
    }
  }
  for (const row of faultRows) {
    const { fault } = row
    const device = placeOf(fault.kind, fault.deviceId) ?? devices.get(fault.deviceId)
    if (device?.device.uid !== fault.uid) continue
    const condition = conditions.add(device, device.rules.of(fault.code))
    condition.row = withPeriods(row)
    faults.set(fault.id, condition)
    recall(device, fault)
    causes.track(condition, undefined, fault)
    deadlines.follow(condition)
    conditions.follow(condition)
  }
  outages.restore(devices.values())
  // How devices stand follows from their supply.
  uplinks.restore(devices.values())
  if (!isOld) return
  for (const { key } of written) if (key !== engineKey) outbox.forget(key)
}

function versionOf(rows: readonly StateRow[]): number {
  const row = rows.find(({ key }) => key === engineKey)
  // Without any there is nothing to migrate.
  return row === undefined ? stateVersion : ((row.value as EngineRow).v ?? 0)
}
