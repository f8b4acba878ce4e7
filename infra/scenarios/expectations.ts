// What of the truth the system is expected to find, and by when: the rules of the table, applied to what devices say
// by the physics. A fault that ends before its rule has made up its mind is expected to stay unseen; one that is hidden
// by another cause may be seen; whatever a cause explains is expected as its consequence or not at all.
import type { Injection } from '@ronda/city/fault-book'
import type { Downtime } from '@ronda/city/scenario/play'
import { type Unit, placesOf } from '@ronda/city/unit'
import type { Rule } from '@ronda/faults/rules/rule'
import type { Rulebook } from '@ronda/faults/rules/rulebook'
import { rules } from '@ronda/faults/rules/table'
import { type FindingDeps, type Found, findCutOff, findReported, findSilent, patienceOf } from './finding.ts'
import { standsFor } from './uplinks.ts'

/** Times are stamped, ms UTC. */
export interface Expectation {
  /** The device's id, or the slug of the site or district. */
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
  /** Devices and places whose faults it explains, itself included, and the codes of theirs that it does. */
  devices: ReadonlySet<string>
  codes: ReadonlySet<string>
}

export interface Expectations {
  faults: Expectation[]
  causes: Cause[]
}

export interface ExpectationDeps extends FindingDeps {
  /** The city's. */
  rulebook: Rulebook
  units: readonly Unit[]
  truth: readonly Injection[]
  /** For which devices could not be heard. */
  downtimes: readonly Downtime[]
}

/** What something of the truth is told as: nearly always as itself. */
interface Told extends Pick<Cause, 'deviceId' | 'code' | 'devices'> {
  injection: Injection
  rule: Rule
  found: Found
}

/** Throws where no rule says how a fault of the truth is found. */
export function expect(deps: ExpectationDeps): Expectations {
  const { rulebook, units, truth, words, downtimes, slackMs, endsAt } = deps
  const unitOf = new Map(units.map((unit) => [unit.id, unit]))
  const places = placesOf(units)
  const deafness = downtimes.filter(({ service }) => service === 'broker')

  function ruleOf(subject: Parameters<Rulebook['of']>[0], code: string): Rule {
    const set = rulebook.of(subject)
    const rule = set.of(code)
    if (rule.kinds.length > 0 && !set.isOff(code)) return rule
    throw new Error(`no rule finds ${code} of a ${subject.kind}: nobody can say what to expect of it`)
  }

  function needed(deviceId: string): Unit {
    const unit = unitOf.get(deviceId)
    if (unit === undefined) throw new Error(`the truth has a device ${deviceId} that the plan lacks`)
    return unit
  }

  function toldAs(injection: Injection): Told[] {
    const { deviceId, kind, phases } = injection
    if (kind === 'uplink_outage') return toldAsSilence(injection)
    const unit = needed(deviceId)
    const rule = ruleOf(unit.device, kind)
    const found = rule.on === 'presence' ? findSilent(injection, unit, deps) : findReported(injection, unit, rule, deps)
    const behind = unit.behind.filter(({ device }) => phases.includes(device.phase ?? 'L1'))
    return [{ injection, deviceId, code: kind, rule, found, devices: new Set([unit, ...behind].map(({ id }) => id)) }]
  }

  /** Of a gateway, a site or a district whose uplink is cut. */
  function toldAsSilence(injection: Injection): Told[] {
    const { deviceId, subject, kind, since } = injection
    const cut = places.find((place) => place.id === deviceId && place.kind === subject) ?? needed(deviceId)
    const rule = ruleOf({ kind: cut.kind }, kind)
    const isExpected = (unit: Unit) => words.suppliedFrom(unit, since, since) !== undefined
    const found = findCutOff(injection, deps)
    return standsFor(cut, { rulebook, isExpected }).map((stand) => ({ injection, rule, found, ...stand }))
  }

  /** By the rules that say so; while it lasts, and until everybody has told that it is over. */
  function causesOf({ injection, deviceId, code, rule, devices }: Told): Cause[] {
    const { since, until = endsAt } = injection
    const codes = new Set(rules.filter(({ causedBy }) => causedBy?.includes(code) === true).map((each) => each.code))
    if (rule.explains === undefined || codes.size === 0 || devices.size === 1) return []
    return [{ deviceId, code, from: since, until: until + slackMs + longestPatience(devices), devices, codes }]
  }

  function longestPatience(devices: ReadonlySet<string>): number {
    return Math.max(...[...devices].map((id) => (unitOf.has(id) ? patienceOf(needed(id)) : 0)))
  }

  const told = truth.flatMap(toldAs)
  const causes = told.flatMap(causesOf)

  /** Something else keeps the device from telling, or explains what it tells. */
  function isHidden({ injection: { kind, since, until = endsAt }, deviceId, code }: Told): boolean {
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
        (cause.deviceId !== deviceId || cause.code !== code) &&
        cause.from < until &&
        cause.until > since,
    )
    return isSilenced || isExplained
  }

  /** After somebody could not be heard, everybody has time to report before a delay begins anew. */
  function withDeafness(t: number, from: number, patienceMs: number): number {
    return deafness.reduce(
      (latest, deaf) =>
        deaf.from <= latest && deaf.until >= from ? Math.max(latest, deaf.until + patienceMs) : latest,
      t,
    )
  }

  function expectation(each: Told): Expectation {
    const { injection, deviceId, code, rule, found, devices } = each
    const { since: from, until = endsAt } = injection
    const { raisedAt = until, clearedAt = endsAt } = found
    const patienceMs = unitOf.has(deviceId) ? patienceOf(needed(deviceId)) : longestPatience(devices)
    const heardAt = withDeafness(raisedAt, from, patienceMs + rule.raise.forMs)
    const raiseBy = heardAt + slackMs
    const clearBy = withDeafness(clearedAt, until, patienceMs + rule.clear.forMs) + slackMs
    const isDoubtful = isHidden(each) || raiseBy > endsAt || (heardAt > raisedAt && raiseBy > until)
    const is = found.is === 'must' && isDoubtful ? 'may' : found.is
    return { deviceId, code, from, until, is, raiseBy, clearBy: clearBy < endsAt ? clearBy : undefined }
  }

  return { faults: told.map(expectation), causes }
}
