// What a city or a device changes about rules: whether they hold, how grave they are, their thresholds and delays. And
// what is wrong with such changes, all of it at once.
import {
  type RuleOverride,
  RuleOverride as RuleOverrideSchema,
  type RuleOverrides,
} from '@ronda/contracts/rule-override'
import type { DeviceKind } from '@ronda/contracts/topics'
import { type Confirmation, type Limits, type Rule, hearsReports } from './rule.ts'
import { knownRule, rules } from './table.ts'

/** The rule with each layer laid over those before it. */
export function overridden(rule: Rule, layers: readonly RuleOverrides[]): Rule {
  let result = rule
  for (const layer of layers) {
    const override = layer[rule.code]
    if (override !== undefined) result = withOverride(result, override)
  }
  return result
}

function withOverride(rule: Rule, { severity = rule.severity, limits, raise, clear }: RuleOverride): Rule {
  return {
    ...rule,
    severity,
    limits: limits === undefined ? rule.limits : { ...rule.limits, ...limits },
    raise: confirmed(rule.raise, raise),
    clear: confirmed(rule.clear, clear),
  }
}

function confirmed(
  before: Confirmation,
  { reports = before.reports, minutes }: RuleOverride['raise'] = {},
): Confirmation {
  return { reports, forMs: minutes === undefined ? before.forMs : Math.round(minutes * 60_000) }
}

export interface OverrideContext {
  /** Of the device that they belong to; a city's are for all kinds. */
  kind?: DeviceKind
  /** The city's, when they are a device's. */
  city?: RuleOverrides | undefined
}

/**
 * What is wrong with overrides beyond their form, one line each, by the path of what is wrong. Parts whose form is
 * wrong are passed over: the schema has told of them.
 */
export function overrideProblems(given: unknown, { kind, city = {} }: OverrideContext = {}): string[] {
  if (typeof given !== 'object' || given === null) return []
  return Object.entries(given).flatMap(([code, value]) => {
    const rule = knownRule(code)
    if (rule === undefined || (kind !== undefined && !isFor(rule, kind))) {
      const known = rules.filter((each) => kind === undefined || isFor(each, kind)).map((each) => each.code)
      const whose = kind === undefined ? '' : ` for a ${kind}`
      return [`rules.${code}: there is no such rule${whose}; there are ${known.join(', ')} and vendor:CODE`]
    }
    const { data: override, success } = RuleOverrideSchema.safeParse(value)
    return success ? [...problemsOf(rule, override, city)] : []
  })
}

function isFor(rule: Rule, kind: DeviceKind): boolean {
  return rule.kinds.includes(kind)
}

function* problemsOf(rule: Rule, override: RuleOverride, city: RuleOverrides): Iterable<string> {
  const path = `rules.${rule.code}`
  const names = Object.keys(rule.scales)
  for (const [name, value] of Object.entries(override.limits ?? {})) {
    const scale = rule.scales[name]
    if (scale === undefined) {
      const there = names.length === 0 ? 'the rule has none' : `there are ${names.join(', ')}`
      yield `${path}.limits.${name}: there is no such limit; ${there}`
    } else if (value < scale.least || value > scale.most) {
      yield `${path}.limits.${name}: ${value} is not within ${scale.least} to ${scale.most}`
    }
  }
  const merged = overridden(rule, [city, { [rule.code]: override }])
  for (const [lower, upper] of rule.ordered) {
    const touched = override.limits?.[lower] !== undefined || override.limits?.[upper] !== undefined
    if (touched && isCrossed(merged.limits, lower, upper)) {
      const [low, high] = [merged.limits[lower], merged.limits[upper]]
      yield `${path}.limits: ${lower} (${low}) is above ${upper} (${high}): it would raise and clear at once`
    }
  }
  for (const part of ['raise', 'clear'] as const) {
    if (override[part] !== undefined && !hearsReports(rule)) {
      yield `${path}.${part}: the rule counts no reports and has no delay that could be changed`
    }
  }
}

function isCrossed(limits: Limits, lower: string, upper: string): boolean {
  return (limits[lower] ?? 0) > (limits[upper] ?? 0)
}
