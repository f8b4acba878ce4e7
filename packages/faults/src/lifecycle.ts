// A fault's life, step by step: raised, cleared, acknowledged, closed, opened again. Every step is an event with its
// place in the log, a new revision and a line in the fault's trail. Active, acknowledged and shelved are independent; a
// fault is closed when it is cleared and acknowledged, or by an operator, and a device has one open fault of a code at
// most.
import {
  type Fault,
  type FaultEventName,
  type FaultRow,
  type FilterAttributes,
  type TrailEntry,
  isAnnouncement,
} from '@ronda/contracts/fault'
import type { Condition } from './device-state.ts'
import type { Outbox } from './effects.ts'
import type { LogClock } from './log-clock.ts'
import { type Periods, begun, chatters, ended, noPeriods, raisesOf } from './periods.ts'
import { type Evidence, type Rule, type Subject, isGraver, severityOf } from './rules/rule.ts'
import { type Targets, missedAt } from './targets.ts'
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
  | 'unshelved'
  | 'maintenance over'
  | typeof withItsCause

/** Of an acknowledgement that was given to the cause. */
const withItsCause = 'with its cause'

/** What holds a fault back. */
export type Hold = Required<Pick<Fault, 'shelvedUntil'>> & Pick<Fault, 'maintenance'>

export interface LifecycleDeps {
  epoch: string
  log: LogClock
  timers: Timers
  outbox: Outbox
  targets: Targets
  /** What holds a condition's fault back if it is to be announced now. */
  holdOf: (condition: Condition) => Hold | undefined
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
  retire(condition: Condition): void
  /** Closes a fault for an operator; while its condition holds on, it is suppressed. */
  close(condition: Condition, by: string, reason: string): void
  /** An active fault is seen again, with what it shows now; tells of it only if that is graver than ever. */
  escalate(condition: Condition, evidence: Evidence): void
  /** Any other step of an open fault. */
  change(condition: Condition, event: FaultEventName, change: Partial<Fault>, options?: StepOptions): void
  /** The condition of a fault that is held as chattering comes or goes: kept with its row, and told later. */
  flip(condition: Condition, holds: boolean): void
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

/** Closed by an operator though its condition held, and it has held ever since. */
export function isSuppressed({ closed }: Condition): boolean {
  return closed?.fault.active === true
}

type Attributes = Pick<Fault, 'uid' | 'deviceId' | 'kind' | 'district' | 'agency' | 'name' | 'latitude' | 'longitude'>

function attributesOf({ uid, id, kind, district, agency, name, latitude, longitude }: Subject): Attributes {
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

/** What an active fault shows now. That it is chattering no report shows: it stays until the fault clears. */
function shown(fault: Fault, evidence: Evidence): Evidence {
  return fault.evidence.chattering === true ? { ...evidence, chattering: true } : evidence
}

function changeOf(fault: Fault, rule: Rule, { evidence, children }: Revision): Partial<Fault> | undefined {
  const seen = evidence === undefined ? undefined : shown(fault, evidence)
  const isNewEvidence = seen !== undefined && fault.active && !isSame(fault.evidence, seen)
  const isNewCount = children !== undefined && fault.children !== children
  if (!isNewEvidence && !isNewCount) return undefined
  return {
    ...(isNewEvidence ? { evidence: seen, message: rule.message(seen) } : {}),
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
type Removable =
  | 'agency'
  | 'closedAt'
  | 'clearedAt'
  | 'acknowledgedBy'
  | 'assignee'
  | 'parentId'
  | 'shelvedUntil'
  | 'maintenance'
  | 'announcedAt'

/** What of a raise does not outlive it. */
const ofOneRaise = ['clearedAt', 'parentId', 'agency', 'shelvedUntil', 'maintenance', 'announcedAt'] as const

interface StepOptions {
  by?: string | undefined
  note?: string | undefined
  assignee?: string | undefined
  until?: number | undefined
  inTrail?: boolean
  remove?: readonly Removable[]
}

export function createLifecycle(deps: LifecycleDeps): Lifecycle {
  const { epoch, log, timers, outbox, targets, holdOf, onStep } = deps
  /** What is to be told at the end of this step. */
  const revised = new Map<Condition, Revision>()

  /** Makes the fault what it is after an event. Fault objects are never changed, so that they may be handed out. */
  function step(
    condition: Condition,
    row: FaultRow,
    event: FaultEventName,
    change: Partial<Fault>,
    { remove = [], ...options }: StepOptions = {},
  ): void {
    const before = row.fault
    const fault: Fault = { ...before, ...change, revision: before.revision + 1, updatedAt: log.time }
    for (const key of remove) if (!(key in change)) delete fault[key]
    say(condition, row, event, fault, options)
  }

  /** Gives the fault of an event, which is not told yet, what follows from the rest of it. */
  function complete(event: FaultEventName, before: Fault | undefined, fault: Fault, periods: Periods): void {
    if (fault.announcedAt === undefined && isAnnouncement({ event, fault })) fault.announcedAt = log.time
    const isDueAnew =
      fault.announcedAt !== before?.announcedAt || fault.severity !== before?.severity || fault.agency !== before.agency
    if (isDueAnew) {
      const dueAt = targets.dueAt(fault)
      if (dueAt === undefined) delete fault.dueAt
      else fault.dueAt = dueAt
    }
    // The mark goes with the answer; only its own event sets it.
    fault.overdue &&= missedAt(fault, log.time) !== undefined
    fault.occurrences = raisesOf(periods)
  }

  function say(
    condition: Condition,
    before: FaultRow | undefined,
    event: FaultEventName,
    fault: Fault,
    { by, note, assignee, until, inTrail = true }: StepOptions,
  ): void {
    const was = before?.fault.active === true
    const turn = fault.active === was ? undefined : fault.active ? begun : ended
    const { periods, droppedPeriods } = turn?.(before ?? noPeriods, log.time) ?? before ?? noPeriods
    complete(event, before?.fault, fault, { periods, droppedPeriods })
    const entry: TrailEntry = {
      at: log.time,
      event,
      ...(by === undefined ? {} : { by }),
      ...(note === undefined ? {} : { note }),
      ...(assignee === undefined ? {} : { assignee }),
      ...(until === undefined ? {} : { until }),
    }
    const trail = before?.trail ?? []
    const row: FaultRow = { fault, trail: inTrail ? extend(trail, entry) : trail, periods, droppedPeriods }
    put(condition, row)
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

  function put(condition: Condition, row: FaultRow): void {
    const { active, closedAt } = row.fault
    condition.row = closedAt === undefined ? row : undefined
    condition.closed = closedAt === undefined ? undefined : row
    // What is suppressed is kept in mind until it has cleared.
    if (closedAt === undefined || active) timers.cancel(condition.forget)
    else timers.set(condition.forget, closedAt + reopenForMs)
  }

  /** Whether the condition itself holds: one that is held as chattering may be quiet at the moment. */
  function cleared({ row, quiet }: Condition): Partial<Fault> {
    return row?.fault.active === true && quiet ? { active: false, clearedAt: log.time } : {}
  }

  function calm(condition: Condition): void {
    condition.quiet = false
    timers.cancel(condition.calm)
    timers.cancel(condition.tell)
  }

  function closeIfOver(condition: Condition): void {
    const { row } = condition
    if (row === undefined || row.fault.active || !row.fault.acknowledged) return
    step(condition, row, 'closed', { closedAt: log.time })
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
      const { rule, state, row, closed } = condition
      const before = row ?? closed
      const isChattering = before !== undefined && chatters(before, log.time)
      const raised = {
        ...attributesOf(state.device),
        active: true,
        evidence: isChattering ? { ...evidence, chattering: true } : evidence,
        message: rule.message(evidence),
        severity: severityOf(rule, evidence),
        ...(parentId === undefined ? {} : { parentId }),
        ...holdOf(condition),
      }
      if (before === undefined) {
        const fault: Fault = {
          id: faultId(state.device.uid, rule.code, log.time),
          code: rule.code,
          revision: 1,
          ...raised,
          acknowledged: false,
          raisedAt: log.time,
          updatedAt: log.time,
          overdue: false,
          children: 0,
          occurrences: 1,
        }
        say(condition, undefined, 'raised', fault, {})
      } else if (before.fault.closedAt === undefined) {
        step(condition, before, 'raised', raised, { remove: ofOneRaise })
      } else {
        outbox.reopened(before.fault.id, before.fault.closedAt)
        const remove = [...ofOneRaise, 'closedAt', 'acknowledgedBy'] as const
        step(condition, before, 'raised', { ...raised, acknowledged: false }, { remove })
      }
    },

    clear(condition, note) {
      const row = condition.row ?? condition.closed
      if (row?.fault.active !== true) return
      calm(condition)
      step(condition, row, 'cleared', { active: false, clearedAt: log.time }, { note })
      closeIfOver(condition)
    },

    escalate(condition, evidence) {
      const { row, rule } = condition
      if (row === undefined || !isGraver(severityOf(rule, evidence), row.fault.severity)) return
      const change = {
        severity: severityOf(rule, evidence),
        evidence: shown(row.fault, evidence),
        message: rule.message(evidence),
      }
      step(condition, row, 'updated', change, { note: 'graver' })
    },

    acknowledge,
    acknowledgeWithCause: (condition, by) => acknowledge(condition, by, withItsCause),

    retire(condition) {
      const row = condition.row ?? condition.closed
      if (row === undefined) return
      const gone = row.fault.active ? { active: false, clearedAt: log.time } : {}
      const note = 'retired'
      if (row.fault.closedAt === undefined) step(condition, row, 'closed', { ...gone, closedAt: log.time }, { note })
      else if (row.fault.active) step(condition, row, 'cleared', gone, { note })
    },

    close(condition, by, reason) {
      if (!isOpen(condition)) return
      const change = { ...cleared(condition), closedAt: log.time }
      calm(condition)
      step(condition, condition.row, 'closed', change, { by, note: reason })
    },

    change(condition, event, change, options) {
      if (isOpen(condition)) step(condition, condition.row, event, change, options)
    },

    flip(condition, holds) {
      if (!isOpen(condition)) return
      condition.row = { ...condition.row, ...(holds ? begun : ended)(condition.row, log.time) }
      outbox.row(condition.row)
    },

    revise(condition, revision) {
      revised.set(condition, { ...revised.get(condition), ...revision })
    },

    attach(condition, parentId) {
      if (!isOpen(condition) || condition.row.fault.parentId === parentId) return
      step(condition, condition.row, 'updated', { parentId }, { remove: ['announcedAt'], note: 'consequence' })
    },

    detach(condition) {
      if (!isOpen(condition) || condition.row.fault.parentId === undefined) return
      const { trail } = condition.row
      const isOwn = trail.findLast(({ event }) => event === 'acknowledged')?.note !== withItsCause
      const remove = isOwn ? (['parentId'] as const) : (['parentId', 'acknowledgedBy'] as const)
      const change = { ...(isOwn ? {} : { acknowledged: false }), ...holdOf(condition) }
      step(condition, condition.row, 'raised', change, { remove, note: 'on its own' })
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
