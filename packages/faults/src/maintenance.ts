// Maintenance windows, as operators planned them. Which of them covers a device is asked whenever a fault is to be
// announced; a window that is over is forgotten here, and stays on record outside.
import type { MaintenanceAction, Verdict } from '@ronda/contracts/action'
import { type MaintenanceTarget, type MaintenanceWindow, endOf, maxMaintenanceMs } from '@ronda/contracts/maintenance'
import type { DeviceState } from './device-state.ts'
import type { Kept, Outbox } from './effects.ts'
import type { LogClock } from './log-clock.ts'
import { type Timer, type Timers, createTimer } from './timers.ts'

export const windowRows = 'window/'

/** The most steps of a window's history. */
const maxHistory = 50

export interface Maintenance {
  /** The running window that covers a device, of several the one that ends last. */
  of(state: DeviceState): { id: string; until: number } | undefined
  decide(action: MaintenanceAction): Pick<Verdict, 'code' | 'by' | 'window'>
  restore(window: MaintenanceWindow): Kept
}

interface Planned extends Kept {
  window: MaintenanceWindow
  readonly over: Timer
}

export interface MaintenanceDeps {
  log: LogClock
  timers: Timers
  outbox: Outbox
  devices: ReadonlyMap<string, DeviceState>
  /** A window ends at another time now, or has ended. */
  onMove: (windowId: string) => void
}

export function createMaintenance({ log, timers, outbox, devices, onMove }: MaintenanceDeps): Maintenance {
  const planned = new Map<string, Planned>()
  const byTarget = new Map<string, Set<Planned>>()

  function add(window: MaintenanceWindow): Planned {
    const { id } = window
    const each: Planned = {
      key: windowRows + id,
      touched: false,
      window,
      over: createTimer('hold', id, () => {
        remove(each)
        onMove(id)
      }),
      encode: () => each.window,
    }
    planned.set(id, each)
    const others = byTarget.get(keyOf(window.target)) ?? new Set()
    byTarget.set(keyOf(window.target), others.add(each))
    timers.set(each.over, endOf(window))
    return each
  }

  function remove(each: Planned): void {
    const { id, target } = each.window
    planned.delete(id)
    const others = byTarget.get(keyOf(target))
    others?.delete(each)
    if (others?.size === 0) byTarget.delete(keyOf(target))
    timers.cancel(each.over)
    outbox.drop(each)
  }

  function isThere({ kind, id }: MaintenanceTarget): boolean {
    // Which districts there are is the city's profile, and no business of the log.
    if (kind === 'district') return true
    const state = devices.get(id)
    return kind === 'device' ? state !== undefined : state?.supply !== undefined
  }

  function isSound({ from, to }: Pick<MaintenanceWindow, 'from' | 'to'>): boolean {
    return to > from && to - from <= maxMaintenanceMs && to > log.time
  }

  function tell(window: MaintenanceWindow): { window: MaintenanceWindow } {
    outbox.window(window)
    return { window }
  }

  /** A window with one more step in its history. */
  function after(
    before: MaintenanceWindow,
    change: Partial<MaintenanceWindow>,
    { event, by, note }: { event: 'planned' | 'changed' | 'ended'; by: string; note?: string | undefined },
  ): MaintenanceWindow {
    const window = { ...before, ...change, revision: before.revision + 1 }
    const { from, to, reason, owner } = window
    const step = { at: log.time, event, by, ...(note === undefined ? {} : { note }), from, to, reason, owner }
    return { ...window, history: [...before.history, step].slice(-maxHistory) }
  }

  function plan(action: MaintenanceAction & { action: 'plan-maintenance' }) {
    const { by, target, from = log.time, to, reason, owner } = action
    // In the order of planning, and unique: an action has a place in the log of its own.
    const id = `${log.time.toString(36).padStart(9, '0')}.${log.position.toString(36)}`
    if (!isThere(target)) return { code: 'maintenance_target_unknown' } as const
    if (from < log.time || !isSound({ from, to })) return { code: 'maintenance_invalid' } as const
    const empty = { id, revision: 0, target, from, to, reason, owner, history: [] }
    const each = add(after(empty, {}, { event: 'planned', by }))
    outbox.touch(each)
    return tell(each.window)
  }

  function change(each: Planned, action: MaintenanceAction & { action: 'change-maintenance' }) {
    const { window } = each
    const { by, from = window.from, to = window.to, reason = window.reason, owner = window.owner } = action
    // What has begun has begun, and nothing begins in the past.
    const begins = from === window.from || (window.from > log.time && from >= log.time)
    if (!begins || !isSound({ from, to })) return { code: 'maintenance_invalid', window } as const
    each.window = after(window, { from, to, reason, owner }, { event: 'changed', by })
    outbox.touch(each)
    timers.set(each.over, to)
    onMove(window.id)
    return tell(each.window)
  }

  function end(each: Planned, { by, note }: MaintenanceAction & { action: 'end-maintenance' }) {
    const { id } = each.window
    const window = after(each.window, { endedAt: log.time }, { event: 'ended', by, note })
    remove(each)
    onMove(id)
    return tell(window)
  }

  return {
    of({ device, supply }) {
      if (planned.size === 0) return undefined
      const { id, kind, cabinet, district } = device
      let last: { id: string; until: number } | undefined
      const look = (target: MaintenanceTarget) => {
        for (const { window } of byTarget.get(keyOf(target)) ?? []) {
          const until = endOf(window)
          if (window.from > log.time || until <= log.time) continue
          const isLater = last === undefined || until > last.until || (until === last.until && window.id < last.id)
          if (isLater) last = { id: window.id, until }
        }
      }
      // A site or district is no device, even where one is called as it is.
      if (kind !== 'site' && kind !== 'district') look({ kind: 'device', id })
      look({ kind: 'district', id: district })
      if (supply !== undefined) look({ kind: 'cabinet', id })
      if (cabinet !== undefined) look({ kind: 'cabinet', id: cabinet })
      return last
    },

    decide(action) {
      if (action.action === 'plan-maintenance') return plan(action)
      const each = planned.get(action.windowId)
      if (each === undefined) return { code: 'maintenance_not_found' }
      const { window } = each
      if (action.expectedRevision !== undefined && action.expectedRevision !== window.revision) {
        const by = window.history.at(-1)?.by
        return { code: 'revision_conflict', window, ...(by === undefined ? {} : { by }) }
      }
      return action.action === 'change-maintenance' ? change(each, action) : end(each, action)
    },

    restore: add,
  }
}

function keyOf({ kind, id }: MaintenanceTarget): string {
  return `${kind} ${id}`
}
