// What an uplink that is cut is expected to be told as, by the rule of uplinks (docs/adr/0018): the broadest one of
// which most is silent then, unless a part of it alone could be the reason. Where that is none, its gateways are lost
// and what they carry with them, or single devices. Worked out from who is behind it, not from what the system did.
import { type Subject, type Unit, isPlace } from '@ronda/city/unit'
import { limitsOf as outageLimitsOf } from '@ronda/faults/outages'
import type { Rulebook } from '@ronda/faults/rules/rulebook'
import { type UplinkLimits, uplinkOutage } from '@ronda/faults/rules/uplink'

/** A fault that stands for it. */
export interface Stand {
  deviceId: string
  code: 'uplink_outage' | 'comm_loss'
  /** Whose faults it explains, itself included. */
  devices: ReadonlySet<string>
}

export interface UplinkDeps {
  /** The city's. */
  rulebook: Rulebook
  /** The device is not dark as it should be, nor for another reason: it ought to be heard. */
  isExpected: (unit: Unit) => boolean
}

/** From narrow to broad. */
const levels = ['gateway', 'site', 'district'] as const

function levelOf({ kind }: Subject): number {
  return levels.findIndex((level) => level === kind)
}

/** None where nobody behind the uplink ought to be heard. */
export function standsFor(cut: Subject, deps: UplinkDeps): Stand[] {
  const silent = new Set([...(isPlace(cut) ? [] : [cut]), ...cut.behind].filter(deps.isExpected))
  const out = broadestFirst(cut).find((uplink) => isOut(uplink, silent, deps))
  if (out !== undefined) return [outageOf(out)]
  const narrower = narrowerThan(cut).filter((uplink) => isOut(uplink, silent, deps))
  const carried = new Set<Subject>(narrower.flatMap((uplink) => [uplink, ...uplink.behind]))
  const others = [...silent].filter((unit) => !carried.has(unit))
  return [...narrower.map(outageOf), ...lost(cut, new Set(others))]
}

function outageOf(uplink: Subject): Stand {
  const devices = new Set([uplink, ...uplink.behind, ...narrowerThan(uplink)].map(({ id }) => id))
  return { deviceId: uplink.id, code: 'uplink_outage', devices }
}

/** Of the gateways and sites of what is behind it. */
function narrowerThan(uplink: Subject): Subject[] {
  const all = uplink.behind.flatMap(({ uplinks }) => uplinks)
  return [...new Set(all)].filter((each) => levelOf(each) < levelOf(uplink))
}

/** It, and what it speaks through itself. */
function broadestFirst(cut: Subject): Subject[] {
  const { uplinks = [] } = isPlace(cut) ? (cut.behind[0] ?? {}) : cut
  const above = uplinks.filter((each) => levelOf(each) > levelOf(cut))
  return [cut, ...above].toSorted((a, b) => levelOf(b) - levelOf(a))
}

function limitsOf(uplink: Subject, { rulebook }: UplinkDeps): UplinkLimits {
  const subject = isPlace(uplink) ? { kind: uplink.kind } : uplink.device
  // The rule's own, by its own names.
  return rulebook.of(subject).of(uplinkOutage.code).limits as UplinkLimits
}

function isOut(uplink: Subject, silent: ReadonlySet<Unit>, deps: UplinkDeps): boolean {
  const { outFrom, outAtLeast } = limitsOf(uplink, deps)
  const members = uplink.behind.filter(deps.isExpected)
  const gone = (units: readonly Unit[]) => units.filter((unit) => silent.has(unit)).length
  const isMost = (units: readonly Unit[]) => gone(units) > 0 && gone(units) >= outFrom * units.length
  if (gone(members) < outAtLeast || !isMost(members)) return false
  // A gateway is itself a witness of its uplink.
  const all = isPlace(uplink) ? members : [...members, uplink]
  return partsOf(uplink).every((part) => {
    const behind = new Set<Subject>([part, ...part.behind])
    return !isFindable(part, deps) || isMost(all.filter((unit) => !behind.has(unit)))
  })
}

/** Cabinets and narrower uplinks of what is behind it. */
function partsOf(uplink: Subject): Subject[] {
  return [...new Set(uplink.behind.flatMap(({ cabinet }) => cabinet ?? [])), ...narrowerThan(uplink)]
}

/** Whether an outage of its own could be found, so that others are not to be taken for it. */
function isFindable(part: Subject, deps: UplinkDeps): boolean {
  const members = part.behind.filter(deps.isExpected)
  if (part.kind !== 'cabinet') return members.length >= limitsOf(part, deps).outAtLeast
  const { outAtLeast } = outageLimitsOf({ rules: deps.rulebook.of(part.device) })
  const lamps = members.filter(({ kind }) => kind === 'streetlight')
  const groups = [
    ...Map.groupBy(lamps, ({ device }) => device.circuit).values(),
    ...Map.groupBy(lamps, ({ device }) => device.phase).values(),
  ]
  return groups.some(({ length }) => length >= outAtLeast)
}

/** Gateways with what is behind them, and each device that is behind none of them. */
function lost({ kind, id }: Subject, silent: ReadonlySet<Unit>): Stand[] {
  if ([...silent].some(({ cabinet }) => cabinet !== undefined && silent.has(cabinet))) {
    throw new Error(`a cabinet may be taken to be out for the ${kind} ${id}: nobody can say what to expect of it`)
  }
  const gateways = [...silent].filter(({ kind }) => kind === 'gateway')
  const carried = new Set(gateways.flatMap(({ behind }) => behind))
  return [...silent]
    .filter((unit) => !carried.has(unit))
    .map((unit) => ({
      deviceId: unit.id,
      code: 'comm_loss',
      devices: new Set([unit, ...(unit.kind === 'gateway' ? unit.behind : [])].map(({ id }) => id)),
    }))
}
