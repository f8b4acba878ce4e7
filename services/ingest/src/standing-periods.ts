// How a device was over time, from when it was heard and when its faults held. Pure. What counts is what counts in the
// city's standing: a silent device is silent whatever else is wrong, a faulty one faulty; of a time in which it was not
// heard, and nobody missed it, nothing is known.
import type { Fault, FaultRow } from '@ronda/contracts/fault'
import type { PastStanding, StandingPeriod } from '@ronda/contracts/past-standing'
import { withPeriods } from '@ronda/faults/periods'

/** ms UTC, without its end. */
export interface Span {
  from: number
  to: number
}

interface Step {
  at: number
  /** It begins, or ends. */
  by: 1 | -1
  /** Absent: the device is heard. */
  fault?: Fault
}

/** `heard` may overlap; nothing is said of what lies outside of `span`. */
export function standingPeriods(heard: readonly Span[], faults: readonly FaultRow[], span: Span): StandingPeriod[] {
  const steps: Step[] = []
  const add = ({ from, to }: Span, fault?: Fault) => {
    const [begin, end] = [Math.max(from, span.from), Math.min(to, span.to)]
    if (begin >= end) return
    const of = fault === undefined ? {} : { fault }
    steps.push({ at: begin, by: 1, ...of }, { at: end, by: -1, ...of })
  }
  for (const each of heard) add(each)
  for (const row of faults) for (const held of spansOf(row, span.to)) add(held, row.fault)
  steps.sort((a, b) => a.at - b.at)

  const holding = new Map<Fault, number>()
  let hearing = 0
  let until = span.from
  const periods: StandingPeriod[] = []
  const proceed = (at: number) => {
    if (at > until) extend(periods, { from: until, to: at, ...standingOf([...holding.keys()], hearing > 0) })
    until = at
  }
  for (const { at, by, fault } of steps) {
    proceed(at)
    if (fault === undefined) hearing += by
    else {
      const times = (holding.get(fault) ?? 0) + by
      if (times === 0) holding.delete(fault)
      else holding.set(fault, times)
    }
  }
  proceed(span.to)
  return periods
}

/** Of one that came and went more often than is kept, the time before counts as one. */
function spansOf(row: FaultRow, now: number): Span[] {
  const { fault, periods, droppedPeriods } = withPeriods(row)
  const [first] = periods
  const dropped = droppedPeriods > 0 && first !== undefined ? [{ from: fault.raisedAt, to: first.raisedAt }] : []
  // One that was closed while it held is suppressed: nobody says how long it went on.
  const end = fault.closedAt ?? now
  return [...dropped, ...periods.map(({ raisedAt, clearedAt }) => ({ from: raisedAt, to: clearedAt ?? end }))]
}

function standingOf(holding: readonly Fault[], isHeard: boolean): { standing: PastStanding; faults: Fault[] } {
  const losses = holding.filter(({ code }) => code === 'comm_loss')
  if (losses.length > 0) return { standing: 'silent', faults: losses }
  if (holding.length > 0) return { standing: 'faulty', faults: [...holding] }
  return { standing: isHeard ? 'working' : 'unheard', faults: [] }
}

function extend(periods: StandingPeriod[], next: Omit<StandingPeriod, 'faults'> & { faults: readonly Fault[] }): void {
  const faults = next.faults.map(({ id, code, severity, message }) => ({ id, code, severity, message }))
  const last = periods.at(-1)
  if (last?.standing !== next.standing) {
    periods.push({ ...next, faults })
    return
  }
  last.to = next.to
  const known = new Set(last.faults.map(({ id }) => id))
  last.faults.push(...faults.filter(({ id }) => !known.has(id)))
}
