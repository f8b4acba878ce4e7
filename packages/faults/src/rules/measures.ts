// What can be drawn beside a fault: the readings that speak for it, and the limits that they are held against.
import type { Fault, Measure } from '@ronda/contracts/fault'
import type { Rule } from './rule.ts'

/** `rule`: as it holds for the fault's device. */
export function measuresOf(rule: Rule, { evidence }: Pick<Fault, 'evidence'>): Measure[] {
  return (rule.measures?.(evidence, rule.limits) ?? []).map(({ field, limit }) =>
    limit === undefined ? { field } : { field, limit },
  )
}
