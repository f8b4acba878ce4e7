// Which rules hold for a device, and with which limits: the table, changed by the city and then by the device. Worked
// out once; devices of a kind without overrides of their own share one set, and so do those with the same overrides.
import type { RuleOverrides } from '@ronda/contracts/rule-override'
import type { FaultKind } from '@ronda/contracts/fault'
import { overridden } from './overrides.ts'
import type { Occasion, Rule, Subject } from './rule.ts'
import { ruleOf, rules } from './table.ts'

/** The rules to ask on each occasion, in the order in which they are asked; without those that are switched off. */
export interface RuleSet extends Readonly<Record<Occasion, readonly Rule[]>> {
  /** Of the devices that they are for. */
  readonly kind: FaultKind
  /** Those of reports that look at measurements: all that is to ask while the device flags nothing and nothing is under way. */
  readonly measured: readonly Rule[]
  /** The catalogue has a rule of this code for the kind, be it switched off: it is no vendor's own. */
  has(code: string): boolean
  /** The rule as it holds here, also of a code that is not asked for. */
  of(code: string): Rule
  isOff(code: string): boolean
}

export interface Rulebook {
  of(subject: Pick<Subject, 'kind' | 'rules'>): RuleSet
}

/** `city`: overrides of the city's profile that `overrideProblems` had nothing against. */
export function createRulebook(city: RuleOverrides = {}): Rulebook {
  const sets = new Map<string, RuleSet>()
  return {
    of({ kind, rules: own }) {
      const key = own === undefined ? kind : `${kind} ${JSON.stringify(own)}`
      let set = sets.get(key)
      if (set === undefined) sets.set(key, (set = createRuleSet(kind, own === undefined ? [city] : [city, own])))
      return set
    },
  }
}

function createRuleSet(kind: FaultKind, layers: readonly RuleOverrides[]): RuleSet {
  const ofKind = rules.filter(({ kinds }) => kinds.includes(kind))
  const byCode = new Map(ofKind.map((rule) => [rule.code, overridden(rule, layers)]))
  const isOff = (code: string) =>
    layers.findLast((layer) => layer[code]?.enabled !== undefined)?.[code]?.enabled === false
  const asked = [...byCode.values()].filter(({ code }) => !isOff(code))
  const on = (occasion: Occasion) => asked.filter((rule) => rule.on === occasion)
  return {
    kind,
    report: on('report'),
    measured: on('report').filter(({ isFlagOnly }) => isFlagOnly !== true),
    message: on('message'),
    presence: on('presence'),
    outage: on('outage'),
    has: (code) => byCode.has(code),
    of: (code) => byCode.get(code) ?? overridden(ruleOf(code), layers),
    isOff,
  }
}
