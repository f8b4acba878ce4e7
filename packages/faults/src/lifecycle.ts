// A fault's life, step by step: raised, cleared, acknowledged, closed, opened again. Every step is an event with its
// place in the log, a new revision and a line in the fault's trail. Active and acknowledged are independent; a fault
// is closed when it is cleared and acknowledged, and a device has one open fault of a code at most.
import type { Device } from '@ronda/contracts/device'
import type { Fault, FaultEventName, FaultRow, FilterAttributes, TrailEntry } from '@ronda/contracts/fault'
import type { Condition } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { LogClock } from './log-clock.ts'
import { type Evidence, type Rule, isGraver, severityOf } from './rules/rule.ts'
import type { Timers } from './timers.ts'

/** A fault closed less long ago (ms) is opened again rather than raised anew. */
export const reopenForMs = 600_000
/** The most lines of a trail; the oldest ones without a person are left out first, but for the first raise. */
export const maxTrail = 200

/** What the system notes in a trail. */
export type SystemNote =
  | 'retired'
  | 'disabled'
  | 'registry'
  | 'consequence'
  | 'on its own'
  | 'rule switched off'
  | 'graver'
  | typeof withItsCause

/** Of an acknowledgement that was given to the cause. */
const withItsCause = 'with its cause'

export interface LifecycleDeps {
  epoch: string
  log: LogClock
  timers: Timers
  outbox: Outbox
  /** Told of every step; `before` is undefined for a new fault. */
  onStep: (condition: Condition, before: Fault | undefined, after: Fault) => void
}

export interface Lifecycle {
  raise(condition: Condition, evidence: Evidence, parentId: string | undefined): void
  clear(condition: Condition, note?: SystemNote): void
  acknowledge(condition: Condition, by: string, note?: string): void
  /** The same, for a fault whose cause somebody has taken on. */
  acknowledgeWithCause(condition: Condition, by: string): void
  /** Ends a fault whatever its state. */
  close(condition: Condition, note: SystemNote): void
  /** An active fault is seen again, with what it shows now; tells of it only if that is graver than ever. */
  escalate(condition: Condition, evidence: Evidence): void
  /** Shows a fault as it is by now, when the step is over. */
  revise(condition: Condition, revision: Revision): void
  /** Makes a fault the consequence of another one. */
  attach(condition: Condition, parentId: string): void
  /** Shows a consequence that has outlived its cause as a fault of its own: what came `with its cause` goes with it. */
  detach(condition: Condition): void
  /** Follows the registry. */
  rename(condition: Condition): void
  /** At the end of every step. */
  settle(): void
}

/** What of a fault follows what happens while it is open. */
interface Revision {
  /** Of an active one. */
  evidence?: Evidence
  children?: number
}

export function faultId(uid: string, code: string, raisedAt: number): string {
  return `${uid}.${code}.${raisedAt.toString(36)}`
}

type Attributes = Pick<Fault, 'uid' | 'deviceId' | 'kind' | 'district' | 'agency' | 'name' | 'latitude' | 'longitude'>

function attributesOf({ uid, id, kind, district, agency, name, latitude, longitude }: Device): Attributes {
  const attributes = { uid, deviceId: id, kind, district, name, latitude, longitude }
  return agency === undefined ? attributes : { ...attributes, agency }
}

function filterAttributesOf({ district, kind, severity, agency }: FilterAttributes): FilterAttributes {
  return agency === undefined ? { district, kind, severity } : { district, kind, severity, agency }
}

function differs(a: FilterAttributes, b: FilterAttributes): boolean {
  return a.district !== b.district || a.kind !== b.kind || a.severity !== b.severity || a.agency !== b.agency
}

function isSame(a: Evidence, b: Evidence): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

function changeOf(fault: Fault, rule: Rule, { evidence, children }: Revision): Partial<Fault> | undefined {
  const isNewEvidence = evidence !== undefined && fault.active && !isSame(fault.evidence, evidence)
  const isNewCount = children !== undefined && fault.children !== children
  if (!isNewEvidence && !isNewCount) return undefined
  return {
    ...(isNewEvidence ? { evidence, message: rule.message(evidence) } : {}),
    ...(isNewCount ? { children } : {}),
  }
}

function extend(trail: readonly TrailEntry[], entry: TrailEntry): TrailEntry[] {
  const extended = [...trail, entry]
  if (extended.length <= maxTrail) return extended
  const oldest = extended.findIndex(({ by }, index) => index > 0 && by === undefined)
  return extended.toSpliced(Math.max(oldest, 1), 1)
}

/** Optional properties that a step may take away. */
type Removable = 'agency' | 'closedAt' | 'clearedAt' | 'acknowledgedBy' | 'parentId'

interface StepOptions {
  by?: string | undefined
  note?: string | undefined
  inTrail?: boolean
}

export function createLifecycle({ epoch, log, timers, outbox, onStep }: LifecycleDeps): Lifecycle {
  /** What is to be told at the end of this step. */
  const revised = new Map<Condition, Revision>()

  /** Makes the fault what it is after an event. Fault objects are never changed, so that they may be handed out. */
  function step(
    condition: Condition,
    row: FaultRow,
    event: FaultEventName,
    change: Partial<Fault>,
    { remove = [], ...options }: StepOptions & { remove?: readonly Removable[] } = {},
  ): void {
    const before = row.fault
    const fault: Fault = { ...before, ...change, revision: before.revision + 1, updatedAt: log.time }
    for (const key of remove) if (!(key in change)) delete fault[key]
    say(condition, row, event, fault, options)
  }

  function say(
    condition: Condition,
    before: FaultRow | undefined,
    event: FaultEventName,
    fault: Fault,
    { by, note, inTrail = true }: StepOptions,
  ): void {
    const entry: TrailEntry = {
      at: log.time,
      event,
      ...(by === undefined ? {} : { by }),
      ...(note === undefined ? {} : { note }),
    }
    const trail = before?.trail ?? []
    const row: FaultRow = { fault, trail: inTrail ? extend(trail, entry) : trail }
    condition.row = row
    const moved = before !== undefined && differs(before.fault, fault)
    outbox.touch(condition.state)
    outbox.event(
      {
        v: 1,
        source: { epoch, position: log.position, n: log.said++ },
        event,
        fault,
        entry,
        ...(moved ? { before: filterAttributesOf(before.fault) } : {}),
      },
      row,
    )
    onStep(condition, before?.fault, fault)
  }

  function closeIfOver(condition: Condition): void {
    const { row } = condition
    if (row === undefined || row.fault.active || !row.fault.acknowledged) return
    step(condition, row, 'closed', { closedAt: log.time })
    keepClosed(condition)
  }

  function keepClosed(condition: Condition): void {
    const { row } = condition
    if (row === undefined) return
    condition.row = undefined
    condition.closed = row
    timers.set(condition.forget, log.time + reopenForMs)
  }

  function acknowledge(condition: Condition, by: string, note?: string): void {
    if (!isOpen(condition) || condition.row.fault.acknowledged) return
    step(condition, condition.row, 'acknowledged', { acknowledged: true, acknowledgedBy: by }, { by, note })
    closeIfOver(condition)
  }

  function isOpen(condition: Condition): condition is Condition & { row: FaultRow } {
    return condition.row !== undefined
  }

  return {
    raise(condition, evidence, parentId) {
      revised.delete(condition)
      const { rule, state, closed } = condition
      const message = rule.message(evidence)
      const parent = parentId === undefined ? {} : { parentId }
      const raised = { active: true, evidence, message, severity: severityOf(rule, evidence), ...parent }
      const again = (row: FaultRow) =>
        ({ ...raised, ...attributesOf(state.device), occurrences: row.fault.occurrences + 1 }) as const
      if (isOpen(condition)) {
        const remove = ['clearedAt', 'parentId', 'agency'] as const
        step(condition, condition.row, 'raised', again(condition.row), { remove })
        return
      }
      if (closed?.fault.closedAt !== undefined) {
        condition.closed = undefined
        timers.cancel(condition.forget)
        outbox.reopened(closed.fault.id, closed.fault.closedAt)
        const remove = ['clearedAt', 'parentId', 'agency', 'closedAt', 'acknowledgedBy'] as const
        step(condition, closed, 'raised', { ...again(closed), acknowledged: false }, { remove })
        return
      }
      const fault: Fault = {
        id: faultId(state.device.uid, rule.code, log.time),
        code: rule.code,
        revision: 1,
        ...attributesOf(state.device),
        ...raised,
        acknowledged: false,
        raisedAt: log.time,
        updatedAt: log.time,
        overdue: false,
        children: 0,
        occurrences: 1,
      }
      say(condition, undefined, 'raised', fault, {})
    },

    clear(condition, note) {
      if (!isOpen(condition) || !condition.row.fault.active) return
      step(condition, condition.row, 'cleared', { active: false, clearedAt: log.time }, { note })
      closeIfOver(condition)
    },

    escalate(condition, evidence) {
      const { row, rule } = condition
      if (row === undefined || !isGraver(severityOf(rule, evidence), row.fault.severity)) return
      const change = { severity: severityOf(rule, evidence), evidence, message: rule.message(evidence) }
      step(condition, row, 'updated', change, { note: 'graver' })
    },

    acknowledge,
    acknowledgeWithCause: (condition, by) => acknowledge(condition, by, withItsCause),

    close(condition, note) {
      if (!isOpen(condition)) return
      const { active } = condition.row.fault
      const cleared = active ? { active: false, clearedAt: log.time } : {}
      step(condition, condition.row, 'closed', { ...cleared, closedAt: log.time }, { note })
      keepClosed(condition)
    },

    revise(condition, revision) {
      revised.set(condition, { ...revised.get(condition), ...revision })
    },

    attach(condition, parentId) {
      if (!isOpen(condition) || condition.row.fault.parentId === parentId) return
      step(condition, condition.row, 'updated', { parentId }, { note: 'consequence' })
    },

    detach(condition) {
      if (!isOpen(condition) || condition.row.fault.parentId === undefined) return
      const { trail } = condition.row
      const isOwn = trail.findLast(({ event }) => event === 'acknowledged')?.note !== withItsCause
      const remove = isOwn ? (['parentId'] as const) : (['parentId', 'acknowledgedBy'] as const)
      step(condition, condition.row, 'raised', isOwn ? {} : { acknowledged: false }, { remove, note: 'on its own' })
    },

    rename(condition) {
      if (!isOpen(condition)) return
      const { fault } = condition.row
      const attributes = attributesOf(condition.state.device)
      const keys = ['name', 'district', 'agency', 'latitude', 'longitude'] as const
      if (keys.every((key) => fault[key] === attributes[key])) return
      step(condition, condition.row, 'updated', attributes, { remove: ['agency'], note: 'registry' })
    },

    settle() {
      if (revised.size === 0) return
      for (const [condition, revision] of revised) {
        if (!isOpen(condition)) continue
        const change = changeOf(condition.row.fault, condition.rule, revision)
        // A line of its trail would not tell what is new; its consequences have trails of their own.
        if (change !== undefined) step(condition, condition.row, 'updated', change, { inTrail: false })
      }
      revised.clear()
    },
  }
}
