// When a rule finds a fault, and its end: from what devices say by the physics, or stop saying, at each of their times.
import type { Injection } from '@ronda/city/fault-book'
import { faultKinds } from '@ronda/city/fault-kinds'
import type { Unit } from '@ronda/city/unit'
import { freshIntervals } from '@ronda/faults/honest-time'
import { offlineForMs } from '@ronda/faults/presence'
import type { Confirmation, Rule } from '@ronda/faults/rules/rule'
import type { Word, Words } from './words.ts'

/** Times are stamped, ms UTC. */
export interface Found {
  /** `may`: so close to a delay that either is right. */
  is: 'must' | 'may' | 'none'
  raisedAt: number | undefined
  clearedAt: number | undefined
}

export interface FindingDeps {
  words: Words
  /** What transport and processing may add. */
  slackMs: number
  /** The end of the run. */
  endsAt: number
}

/** A lamp is up and connected so long after its supply is back, as its maker says. */
const bootMs = 6_000

/** ms for which what a device said holds. */
export function patienceOf({ device }: Unit): number {
  return freshIntervals * device.intervalS * 1_000
}

/** Of what devices report: raised when a rule has heard enough of it, cleared when it has heard enough of its end. */
export function findReported(injection: Injection, unit: Unit, rule: Rule, deps: FindingDeps): Found {
  const { words, slackMs, endsAt } = deps
  const { kind, since, until = endsAt } = injection
  const alsoAt = (end: number) => (faultKinds[kind].noticed ? [since, end] : [])
  /** Had it lasted so much longer, and the delay been so much shorter: some words come late, others do not. */
  const raisedIf = (moreMs: number) => {
    const end = until + moreMs
    const span = { from: since, until: end + patienceOf(unit), also: alsoAt(end), supposing: { injection, until: end } }
    const { reports, forMs } = rule.raise
    return confirmedAt(words.of(unit, rule, span), isBad, { reports, forMs: forMs === 0 ? 0 : forMs - moreMs })
  }
  const raisedAt = raisedIf(0)
  const isFound = [-slackMs, 0, slackMs].map((moreMs) => raisedIf(moreMs) !== undefined)
  const is = isFound.every(Boolean) ? 'must' : isFound.some(Boolean) ? 'may' : 'none'
  const clear = rule.on === 'outage' ? { reports: rule.limits.backReports ?? 1, forMs: 0 } : rule.clear
  const later = words.of(unit, rule, { from: until, until: endsAt, also: alsoAt(until) })
  const clearedAt = confirmedAt(later, isGood, clear)
  if (clearedAt === undefined || rule.clearsAcrossSilence !== true) return { is, raisedAt, clearedAt }
  // A delay that has ended while the device was dark is noticed with its next report.
  const [next] = words.of(unit, rule, { from: clearedAt, until: endsAt, also: [] })
  return { is, raisedAt, clearedAt: next?.at }
}

/** Of a device that drops off: its connection ends at once, and it is lost when it is not back in time. */
export function findSilent(injection: Injection, unit: Unit, { words, slackMs, endsAt }: FindingDeps): Found {
  const { since, until: end = endsAt } = injection
  const found = findCutOff(injection, { slackMs, endsAt })
  const { raisedAt = endsAt } = found
  const backAt = words.suppliedFrom(unit, end, endsAt)
  const clearedAt = backAt === undefined ? undefined : backAt + bootMs
  // Whether a lamp behind a contactor is missed hangs on when that was last moved.
  const isClear = unit.device.supply !== 'switched' && words.suppliedFrom(unit, since, raisedAt + slackMs) === since
  return { is: isClear ? found.is : 'may', raisedAt, clearedAt }
}

/** Of devices that keep their supply: all connections end at once, and come back at once. */
export function findCutOff(
  { since, until = Infinity }: Injection,
  { slackMs, endsAt }: Pick<FindingDeps, 'slackMs' | 'endsAt'>,
): Found {
  const raisedAt = since + offlineForMs
  const end = Math.min(until, endsAt)
  const is = end - slackMs >= raisedAt ? 'must' : end + slackMs < raisedAt ? 'none' : 'may'
  return { is, raisedAt, clearedAt: end }
}

function isBad(finding: Word['finding']): boolean {
  return finding === 'bad' || finding === 'certain'
}

function isGood(finding: Word['finding']): boolean {
  return finding === 'good'
}

/** When a rule has heard it often enough in a row, and then for long enough; undefined: not in these words. */
export function confirmedAt(
  said: Iterable<Word>,
  speaks: (finding: Word['finding']) => boolean,
  { reports, forMs }: Confirmation,
): number | undefined {
  let count = 0
  let since = 0
  for (const { at, finding } of said) {
    // The time was over before this was said.
    if (count >= reports && since + forMs <= at) return since + forMs
    if (finding === 'certain' && speaks(finding)) return at
    if (!speaks(finding)) {
      count = 0
      continue
    }
    if (count === 0) since = at
    count++
    if (count >= reports && since + forMs <= at) return at
  }
  return count >= reports ? since + forMs : undefined
}
