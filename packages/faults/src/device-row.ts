// How the engine's rows of a device are written and read back: the registry's row once it has changed, and what has
// been heard of it. The row of a quiet device is six values.
import type { FaultRow } from '@ronda/contracts/fault'
import type { Condition, DeviceState, Supply } from './device-state.ts'
import type { Kept } from './effects.ts'
import type { WrongClock } from './honest-time.ts'
import type { Evidence, Subject } from './rules/rule.ts'
import type { SkewState } from './skew.ts'
import type { Source } from './sources.ts'
import type { Timer } from './timers.ts'

export const registryRows = 'registry/'
export const deviceRows = 'device/'
/** Of sites and districts. */
export const placeRows = 'place/'

export function rowKeyOf({ kind, id }: Subject): string {
  return kind === 'site' || kind === 'district' ? `${placeRows}${kind}:${id}` : deviceRows + id
}

/** Optional values of a row; absent where they are as in a new state. */
interface More {
  clock?: { skewMs: number; suspect?: NonNullable<WrongClock['suspect']> }
  lagging?: NonNullable<SkewState['lagging']>
  tiltDeg?: number
  switchCount?: number
  dark?: true
  switchedAt?: readonly number[]
  offlineAt?: number
  lostAt?: number
  chanceAt?: number
  dead?: { reports: number; since: number }
  affectedAt?: number
  uplinkOut?: true
  supply?: Omit<Supply, 'contactorClosed'> & { contactorClosed?: boolean }
  /** By the rule's code. */
  conditions?: Record<string, ConditionRow>
}

interface ConditionRow {
  reports: number
  since: number
  flagged: boolean
  quiet?: true
  shelvedUntil?: number
  evidence?: Evidence
  /** Only while it may be opened again or is suppressed: until then the fault's row is nowhere else at hand. */
  closed?: FaultRow
  delayDue?: number
  aloneDue?: number
  calmDue?: number
}

/** seenAt, source ('' for none), session's connectedAt and number, newestTs, due time of presence, and the rest. */
export type DeviceRow = [number, string, number, number, number | null, number | null, More?]

/** The row of the registry's own values; made when it is first needed, since most devices never change. */
export function registrationOf(state: DeviceState): Kept {
  return (state.registration ??= {
    key: registryRows + state.id,
    touched: false,
    encode: () => withoutUndefined(state.device),
  })
}

function withoutUndefined(device: Subject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(device).filter(([, value]) => value !== undefined))
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

export function encodeDevice(state: DeviceState): DeviceRow {
  const { seenAt, source, connectedAt, connection, newestTs, due } = state
  const row: DeviceRow = [seenAt, source?.name ?? '', connectedAt, connection, finite(newestTs), finite(due)]
  if (!isPlain(state)) row.push(encodeMore(state))
  return row
}

function isPlain(state: DeviceState): boolean {
  return (
    state.wrong === undefined &&
    state.lagging === undefined &&
    state.firstTiltDeg === undefined &&
    state.switchCount === undefined &&
    !state.isDark &&
    state.switchedAt.length === 0 &&
    state.offlineAt === 0 &&
    state.lostAt === 0 &&
    state.chanceAt === 0 &&
    state.deadReports === 0 &&
    state.affectedAt === 0 &&
    !state.uplinkOut &&
    state.supply === undefined &&
    state.conditions.length === 0
  )
}

function encodeMore(state: DeviceState): More {
  const { wrong, offlineAt, lostAt, chanceAt, deadReports, deadSince, affectedAt, supply } = state
  const more: More = {}
  if (wrong !== undefined) {
    const { skewMs, suspect } = wrong
    more.clock = suspect === undefined ? { skewMs } : { skewMs, suspect }
  }
  if (state.lagging !== undefined) more.lagging = state.lagging
  if (state.firstTiltDeg !== undefined) more.tiltDeg = state.firstTiltDeg
  if (state.switchCount !== undefined) more.switchCount = state.switchCount
  if (state.isDark) more.dark = true
  if (state.switchedAt.length > 0) more.switchedAt = state.switchedAt
  if (offlineAt !== 0) more.offlineAt = offlineAt
  if (lostAt !== 0) more.lostAt = lostAt
  if (chanceAt !== 0) more.chanceAt = chanceAt
  if (deadReports !== 0) more.dead = { reports: deadReports, since: deadSince }
  if (affectedAt !== 0) more.affectedAt = affectedAt
  if (state.uplinkOut) more.uplinkOut = true
  if (supply !== undefined) more.supply = encodeSupply(supply)
  const conditions: Record<string, ConditionRow> = {}
  for (const condition of state.conditions) {
    const row = encodeCondition(condition)
    if (row !== undefined) conditions[condition.rule.code] = row
  }
  if (Object.keys(conditions).length > 0) more.conditions = conditions
  return more
}

function encodeSupply({ contactorClosed, phases, groupsOut, ...times }: Supply): NonNullable<More['supply']> {
  return {
    ...times,
    ...(contactorClosed === undefined ? {} : { contactorClosed }),
    phases: Object.fromEntries(Object.entries(phases).map(([phase, state]) => [phase, { ...state }])),
    groupsOut: [...groupsOut],
  }
}

function encodeCondition(condition: Condition): ConditionRow | undefined {
  const { reports, since, flagged, quiet, shelvedUntil, evidence, closed, delay, alone, calm } = condition
  const isPlainCondition = reports === 0 && !flagged && !quiet && shelvedUntil === 0
  if (isPlainCondition && closed === undefined && alone.due === Infinity) return undefined
  return {
    reports,
    since,
    flagged,
    ...(quiet ? { quiet } : {}),
    ...(shelvedUntil === 0 ? {} : { shelvedUntil }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(closed === undefined ? {} : { closed }),
    ...(delay.due === Infinity ? {} : { delayDue: delay.due }),
    ...(alone.due === Infinity ? {} : { aloneDue: alone.due }),
    ...(calm.due === Infinity ? {} : { calmDue: calm.due }),
  }
}

export interface DecodeDeps {
  sourceOf: (name: string) => Source
  setTimer: (timer: Timer, due: number) => void
  addCondition: (state: DeviceState, code: string) => Condition
}

/** Puts a row into a new state of its device. */
export function decodeDevice(
  state: DeviceState,
  row: DeviceRow,
  { sourceOf, setTimer, addCondition }: DecodeDeps,
): void {
  const [seenAt, source, connectedAt, connection, newestTs, presenceDue, more = {}] = row
  state.seenAt = seenAt
  if (source !== '') state.source = sourceOf(source)
  state.connectedAt = connectedAt
  state.connection = connection
  state.newestTs = newestTs ?? -Infinity
  if (presenceDue !== null) setTimer(state, presenceDue)
  const { clock, supply, conditions = {} } = more
  if (clock !== undefined) state.wrong = { skewMs: clock.skewMs, suspect: clock.suspect }
  state.lagging = more.lagging
  state.firstTiltDeg = more.tiltDeg
  state.switchCount = more.switchCount
  state.isDark = more.dark ?? false
  if (more.switchedAt !== undefined) state.switchedAt = more.switchedAt
  state.offlineAt = more.offlineAt ?? 0
  state.lostAt = more.lostAt ?? 0
  state.chanceAt = more.chanceAt ?? 0
  state.deadReports = more.dead?.reports ?? 0
  state.deadSince = more.dead?.since ?? 0
  state.affectedAt = more.affectedAt ?? 0
  state.uplinkOut = more.uplinkOut ?? false
  if (supply !== undefined && state.supply !== undefined) Object.assign(state.supply, structuredClone(supply))
  for (const [code, { delayDue, aloneDue, calmDue, ...known }] of Object.entries(conditions)) {
    const condition = addCondition(state, code)
    Object.assign(condition, known)
    if (delayDue !== undefined) setTimer(condition.delay, delayDue)
    if (aloneDue !== undefined) setTimer(condition.alone, aloneDue)
    if (calmDue !== undefined) setTimer(condition.calm, calmDue)
    if (known.shelvedUntil !== undefined) setTimer(condition.shelf, known.shelvedUntil)
  }
}
