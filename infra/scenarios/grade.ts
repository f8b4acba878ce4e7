// The verdict on what the system found: held against what it was expected to find, fault by fault.
import type { Cause, Expectation, Expectations } from './expectations.ts'
import type { Period } from './observations.ts'

/** Of one code, or of all together. */
export interface Score {
  /** Really wrong, and long enough to be found. */
  expected: number
  found: number
  missed: number
  /** Found though nothing was wrong, or once more than it was. */
  false: number
  /** So close to a delay, or so hidden, that either is right; and how many of them were found. */
  open: number
  openFound: number
  /** Consequences of a cause, under it. */
  consequences: number
  /** Share of what was found that was really wrong, and of what was really wrong that was found; 1 of nothing. */
  precision: number
  recall: number
  /** ms, stamped, from the onset to the raise, of those that were found; undefined of none. */
  delay: { medianMs: number; p95Ms: number } | undefined
}

/** On one fault of the truth. */
export interface FaultVerdict {
  expectation: Expectation
  /** As the system found it; undefined where it did not. */
  found: Period | undefined
  /** What is not as it should be, in words. */
  breaches: string[]
}

export interface Grade {
  total: Score
  byCode: Map<string, Score>
  faults: FaultVerdict[]
  /** What was found and should not have been, in words. */
  unexpected: string[]
}

interface Tally {
  expected: number
  found: number
  false: number
  open: number
  openFound: number
  consequences: number
  delays: number[]
}

/** `slackMs`: stamped; two clocks of one time may differ by so little. */
export function grade({ faults, causes }: Expectations, periods: readonly Period[], slackMs: number): Grade {
  const tallies = new Map<string, Tally>()
  const unexpected: string[] = []
  const unmatched = new Set(periods)
  const byFault = Map.groupBy(periods, keyOf)

  function tallyOf(code: string): Tally {
    let tally = tallies.get(code)
    if (tally === undefined) {
      tally = { expected: 0, found: 0, false: 0, open: 0, openFound: 0, consequences: 0, delays: [] }
      tallies.set(code, tally)
    }
    return tally
  }

  function match(expectation: Expectation): Period | undefined {
    const { from, until, raiseBy } = expectation
    const latest = Math.max(raiseBy, until + slackMs)
    return byFault
      .get(keyOf(expectation))
      ?.find((period) => unmatched.has(period) && period.raisedAt >= from - 1 && period.raisedAt <= latest)
  }

  function verdictOn(expectation: Expectation): FaultVerdict {
    if (expectation.is === 'none') return { expectation, found: undefined, breaches: [] }
    const tally = tallyOf(expectation.code)
    const found = match(expectation)
    if (found !== undefined) unmatched.delete(found)
    if (expectation.is === 'may') {
      tally.open++
      if (found !== undefined) tally.openFound++
      return { expectation, found, breaches: [] }
    }
    tally.expected++
    if (found === undefined) return { expectation, found, breaches: [`missed: ${textOf(expectation)}`] }
    tally.found++
    tally.delays.push(Math.max(0, found.raisedAt - expectation.from))
    return { expectation, found, breaches: [...lateness(expectation, found), ...dependence(found)] }
  }
  const verdicts = faults.map(verdictOn)

  for (const period of unmatched) {
    const tally = tallyOf(period.code)
    const explaining = causes.filter((each) => explains(each, period))
    const [cause] = explaining
    if (cause === undefined) {
      tally.false++
      unexpected.push(`${isOnceMore(period, faults) ? 'doubled' : 'false'}: ${textOfPeriod(period)}`)
    } else if (explaining.some((each) => isBeneath(period, each))) {
      tally.consequences++
    } else {
      tally.false++
      unexpected.push(`not under its cause ${cause.code} of ${cause.deviceId}: ${textOfPeriod(period)}`)
    }
  }
  unexpected.push(...rowBreaches(byFault))

  return {
    total: scoreOf(sum([...tallies.values()])),
    byCode: new Map([...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, each]) => [code, scoreOf(each)])),
    faults: verdicts,
    unexpected,
  }
}

function keyOf({ deviceId, code }: { deviceId: string; code: string }): string {
  return `${deviceId} ${code}`
}

function explains({ devices, codes, from, until }: Cause, { deviceId, code, raisedAt }: Period): boolean {
  return devices.has(deviceId) && codes.has(code) && raisedAt >= from && raisedAt <= until
}

function isBeneath({ parent }: Period, cause: Cause): boolean {
  if (parent === undefined) return false
  return (parent.deviceId === cause.deviceId && parent.code === cause.code) || isBeneath(parent, cause)
}

function isOnceMore(period: Period, faults: readonly Expectation[]): boolean {
  return faults.some(
    (each) =>
      keyOf(each) === keyOf(period) &&
      each.is !== 'none' &&
      each.from <= period.raisedAt &&
      period.raisedAt <= each.until,
  )
}

function lateness(expectation: Expectation, period: Period): string[] {
  const { raiseBy, until, clearBy } = expectation
  const late = (by: number, what: string) => [`${what} ${Math.round(by / 1_000)} s too late: ${textOf(expectation)}`]
  if (period.raisedAt > raiseBy) return late(period.raisedAt - raiseBy, 'raised')
  if (clearBy === undefined) return []
  if (period.clearedAt === undefined) return [`not cleared: ${textOf(expectation)}`]
  if (period.clearedAt > clearBy) return late(period.clearedAt - clearBy, 'cleared')
  return period.clearedAt < until - 1 && period.clearedAt >= period.raisedAt
    ? [`cleared while it was still there: ${textOf(expectation)}`]
    : []
}

/** What nothing else explains is to be seen as it is. */
function dependence(period: Period): string[] {
  const { parent } = period
  return parent === undefined
    ? []
    : [`told as a consequence of ${parent.code} of ${parent.deviceId}: ${textOfPeriod(period)}`]
}

/** A device has one row of a code, until somebody closes it. */
function rowBreaches(byFault: ReadonlyMap<string, readonly Period[]>): string[] {
  return [...byFault].flatMap(([key, periods]) => {
    const rows = new Set(periods.map(({ faultId }) => faultId))
    const closings = periods.filter(({ afterClosing }) => afterClosing).length
    return rows.size > 1 + closings ? [`${rows.size} rows of one fault: ${key}`] : []
  })
}

function sum(tallies: readonly Tally[]): Tally {
  const total: Tally = { expected: 0, found: 0, false: 0, open: 0, openFound: 0, consequences: 0, delays: [] }
  for (const { delays, ...counts } of tallies) {
    for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count
    total.delays.push(...delays)
  }
  return total
}

function scoreOf({ delays, ...counts }: Tally): Score {
  const { expected, found } = counts
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return {
    ...counts,
    missed: expected - found,
    precision: found + counts.false === 0 ? 1 : found / (found + counts.false),
    recall: expected === 0 ? 1 : found / expected,
    delay: sorted.length === 0 ? undefined : { medianMs: at(0.5), p95Ms: at(0.95) },
  }
}

function textOf({ deviceId, code, from, until }: Expectation): string {
  return `${code} of ${deviceId}, ${timeOf(from)} to ${timeOf(until)}`
}

function textOfPeriod({ deviceId, code, raisedAt, clearedAt, faultId }: Period): string {
  const end = clearedAt === undefined ? 'still there' : `to ${timeOf(clearedAt)}`
  return `${code} of ${deviceId}, ${timeOf(raisedAt)} ${end} (${faultId})`
}

function timeOf(t: number): string {
  return new Date(t).toISOString()
}
