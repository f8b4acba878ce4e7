// The table of all rules. A new rule is a new entry here: nothing else knows them by name.
import { type DeviceKind, deviceKinds } from '@ronda/contracts/topics'
import { uplinkDegraded } from './access-point.ts'
import { commLoss } from './any-device.ts'
import { imageTamper, videoLoss } from './camera.ts'
import { type Occasion, type Rule, once } from './rule.ts'
import { dayBurner, lampFailure } from './streetlight.ts'
import { feederOutage, lowVoltage } from './supply.ts'

export const rules: readonly Rule[] = [
  lampFailure,
  dayBurner,
  lowVoltage,
  feederOutage,
  commLoss,
  videoLoss,
  imageTamper,
  uplinkDegraded,
]

export type RulesByOccasion = Readonly<Record<Occasion, readonly Rule[]>>

/** The rules that apply to devices of a kind, in the order in which they are asked. */
export function rulesOf(kind: DeviceKind): RulesByOccasion {
  return byKind[kind]
}

function select(kind: DeviceKind, on: Occasion): readonly Rule[] {
  return rules.filter((rule) => rule.on === on && rule.kinds.includes(kind))
}

function occasionsOf(kind: DeviceKind): RulesByOccasion {
  return { report: select(kind, 'report'), presence: select(kind, 'presence'), outage: select(kind, 'outage') }
}

// Every kind is a key: the list is the one that the type is made of.
const byKind = Object.fromEntries(deviceKinds.map((kind) => [kind, occasionsOf(kind)])) as Record<
  DeviceKind,
  RulesByOccasion
>

const byCode = new Map(rules.map((rule) => [rule.code, rule]))

/** The rule of an open fault; one that the table does not know any more finds nothing, and people may close it. */
export function ruleOf(code: string): Rule {
  return byCode.get(code) ?? unknownRule(code)
}

function unknownRule(code: string): Rule {
  return {
    code,
    kinds: [],
    severity: 'warning',
    on: 'report',
    raise: once,
    clear: once,
    limits: {},
    find: () => 'nothing',
    evidence: () => ({}),
    message: () => ({ en: code, id: code }),
  }
}
