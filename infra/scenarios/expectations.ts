// What of the truth the system is expected to find, and by when: the rules of the table, applied to what devices say
// by the physics. A fault that ends before its rule has made up its mind is expected to stay unseen; one that is hidden
// by another cause may be seen; whatever a cause explains is expected as its consequence or not at all.
import type { Injection } from '@ronda/city/fault-book'
import { faultKinds } from '@ronda/city/fault-kinds'
import type { Downtime } from '@ronda/city/scenario/play'
import type { Unit } from '@ronda/city/unit'
import { freshIntervals } from '@ronda/faults/honest-time'
import { offlineForMs } from '@ronda/faults/presence'
import type { Confirmation, Rule } from '@ronda/faults/rules/rule'
import type { Rulebook } from '@ronda/faults/rules/rulebook'
import { rules } from '@ronda/faults/rules/table'
import type { Word, Words } from './words.ts'

/** Times are stamped, ms UTC. */
export interface Expectation {
  deviceId: string
  code: string
  /** Really wrong from here... */
  from: number
  /** ...to here; the end of the run where it still was. */
  until: number
  /** `may`: so close to a delay, or so hidden, that either is right. */
  is: 'must' | 'may' | 'none'
  /** By then it is raised. */
  raiseBy: number
  /** By then it is cleared; undefined where the run ends before. */
  clearBy: number | undefined
}

/** While this is wrong, and until everything behind it has told that it is over, faults behind it are consequences. */
export interface Cause {
  deviceId: string
  code: string
  from: number
  until: number
  /** Devices whose faults it explains, itself included, and the codes of theirs that it does. */
  devices: ReadonlySet<string>
  codes: ReadonlySet<string>
}

export interface Expectations {
  faults: Expectation[]
  causes: Cause[]
}

export interface ExpectationDeps {
  /** The city's. */
  rulebook: Rulebook
  units: readonly Unit[]
  truth: readonly Injection[]
  words: Words
  /** For which devices could not be heard. */
  downtimes: readonly Downtime[]
  /** What transport and processing may add. */
  slackMs: number
  /** The end of the run. */
  endsAt: number
}

/** A lamp is up and connected so long after its supply is back, as its maker says. */
const bootMs = 6_000

/** Throws where no rule says how a fault of the truth is found. */
export function expect(deps: ExpectationDeps): Expectations {
  const { rulebook, units, truth, downtimes, slackMs, endsAt } = deps
  const unitOf = new Map(units.map((unit) => [unit.device.id, unit]))
  const patienceOf = ({ device }: Unit) => freshIntervals * device.intervalS * 1_000
  const deafness = downtimes.filter(({ service }) => service === 'broker')

  function ruleOf({ device }: Unit, code: string): Rule {
    const set = rulebook.of(device)
    const rule = set.of(code)
    if (rule.kinds.length > 0 && !set.isOff(code)) return rule
    throw new Error(`no rule finds ${code} of a ${device.kind}: nobody can say what to expect of it`)
  }

  function needed(deviceId: string): Unit {
    const unit = unitOf.get(deviceId)
    if (unit === undefined) throw new Error(`the truth has a device ${deviceId} that the plan lacks`)
    return unit
  }

  /** What a fault is the cause of: by the rules that say so, behind the device and on the phases that it has. */
  function causeOf(injection: Injection): Cause[] {
    const { deviceId, kind, since, until = endsAt, phases } = injection
    const codes = new Set(rules.filter(({ causedBy }) => causedBy?.includes(kind) === true).map(({ code }) => code))
    const unit = needed(deviceId)
    if (ruleOf(unit, kind).explains === undefined || codes.size === 0 || unit.behind.length === 0) return []
    const behind = unit.behind.filter(({ device }) => phases.includes(device.phase ?? 'L1'))
    const told = until + slackMs + Math.max(...[unit, ...behind].map(patienceOf))
    const devices = new Set([deviceId, ...behind.map(({ device }) => device.id)])
    return [{ deviceId, code: kind, from: since, until: told, devices, codes }]
  }
  const causes = truth.flatMap(causeOf)

  /** Something else keeps the device from telling, or explains what it tells. */
  function isHidden({ deviceId, kind, since, until = endsAt }: Injection): boolean {
    const isSilenced = truth.some(
      (other) =>
        other.deviceId === deviceId &&
        other.kind === 'comm_loss' &&
        kind !== 'comm_loss' &&
        other.since < until &&
        (other.until ?? endsAt) > since,
    )
    const isExplained = causes.some(
      (cause) =>
        cause.devices.has(deviceId) &&
        (cause.deviceId !== deviceId || cause.code !== kind) &&
        cause.from < until &&
        cause.until > since,
    )
    return isSilenced || isExplained
  }

  /** After somebody could not be heard, everybody has time to report before a delay begins anew. */
  function withDeafness(t: number, from: number, unit: Unit, delayMs: number): number {
    return deafness.reduce(
      (latest, deaf) =>
        deaf.from <= latest && deaf.until >= from ? Math.max(latest, deaf.until + patienceOf(unit) + delayMs) : latest,
      t,
    )
  }

  function expectation(injection: Injection): Expectation {
    const { deviceId, kind, since: from, until = endsAt } = injection
    const unit = needed(deviceId)
    const rule = ruleOf(unit, kind)
    const found = rule.on === 'presence' ? silence(injection, unit, deps) : report(injection, unit, rule, deps)
    const { raisedAt = until, clearedAt = endsAt } = found
    const heardAt = withDeafness(raisedAt, from, unit, rule.raise.forMs)
    const raiseBy = heardAt + slackMs
    const clearBy = withDeafness(clearedAt, until, unit, rule.clear.forMs) + slackMs
    const isDoubtful = isHidden(injection) || raiseBy > endsAt || (heardAt > raisedAt && raiseBy > until)
    const is = found.is === 'must' && isDoubtful ? 'may' : found.is
    return { deviceId, code: kind, from, until, is, raiseBy, clearBy: clearBy < endsAt ? clearBy : undefined }
  }

  return { faults: truth.map(expectation), causes }
}

interface Found extends Pick<Expectation, 'is'> {
  raisedAt: number | undefined
  clearedAt: number | undefined
}

/** Of what devices report: raised when a rule has heard enough of it, cleared when it has heard enough of its end. */
function report(injection: Injection, unit: Unit, rule: Rule, { words, slackMs, endsAt }: ExpectationDeps): Found {
  const { kind, since, until = endsAt } = injection
  const patienceMs = freshIntervals * unit.device.intervalS * 1_000
  const alsoAt = (end: number) => (faultKinds[kind].noticed ? [since, end] : [])
  /** Had it lasted so much longer, and the delay been so much shorter: some words come late, others do not. */
  const raisedIf = (moreMs: number) => {
    const end = until + moreMs
    const span = { from: since, until: end + patienceMs, also: alsoAt(end), supposing: { injection, until: end } }
    const { reports, forMs } = rule.raise
    return confirmedAt(words.of(unit, rule, span), isBad, { reports, forMs: forMs === 0 ? 0 : forMs - moreMs })
  }
  const raisedAt = raisedIf(0)
  const isFound = [-slackMs, 0, slackMs].map((moreMs) => raisedIf(moreMs) !== undefined)
  const is = isFound.every(Boolean) ? 'must' : isFound.some(Boolean) ? 'may' : 'none'
  const clear = rule.on === 'outage' ? { reports: rule.limits.backReports ?? 1, forMs: 0 } : rule.clear
  const later = words.of(unit, rule, { from: until, until: endsAt, also: alsoAt(until) })
  return { is, raisedAt, clearedAt: confirmedAt(later, isGood, clear) }
}

/** Of a device that drops off: its connection ends at once, and it is lost when it is not back in time. */
function silence(injection: Injection, unit: Unit, { words, slackMs, endsAt }: ExpectationDeps): Found {
  const { since, until: end = endsAt } = injection
  const raisedAt = since + offlineForMs
  const supplied = words.suppliedFrom(unit, since, raisedAt + slackMs)
  const backAt = words.suppliedFrom(unit, end, endsAt)
  const clearedAt = backAt === undefined ? undefined : backAt + bootMs
  const isSwitched = unit.device.supply === 'switched'
  // Whether a lamp behind a contactor is missed hangs on when that was last moved.
  if (supplied !== since || isSwitched) return { is: 'may', raisedAt, clearedAt }
  const is = end - slackMs >= raisedAt ? 'must' : end + slackMs < raisedAt ? 'none' : 'may'
  return { is, raisedAt, clearedAt }
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
