// What devices say in their makers' own words: every code of a reading that the catalogue does not have for the kind
// is a fault of its own, until it is gone.
import type { Conditions } from './conditions.ts'
import { type DeviceState, conditionOf } from './device-state.ts'
import { isVendorCode, vendorCodeOf } from './rules/any-device.ts'
import type { Facts } from './rules/rule.ts'

/** A device may invent codes without end; more than so many at once are not listened to. */
export const mostVendorFaults = 16

/** `flags`: all codes of the reading. */
export function applyVendorCodes(
  conditions: Conditions,
  state: DeviceState,
  flags: readonly string[],
  facts: Facts,
): void {
  const { rules } = state
  const codes = new Set(flags.filter((flag) => !rules.has(flag)).map(vendorCodeOf))
  for (const { rule } of state.conditions) {
    if (isVendorCode(rule.code) && !codes.has(rule.code)) conditions.apply(state, rule, 'nothing', false, facts)
  }
  for (const code of codes) {
    const known = conditionOf(state, code)
    if (rules.isOff(code) || (known === undefined && vendorFaults(state) >= mostVendorFaults)) continue
    const rule = known?.rule ?? rules.of(code)
    conditions.apply(state, rule, rule.flag ?? 'certain', true, facts)
  }
}

function vendorFaults({ conditions }: DeviceState): number {
  return conditions.filter(({ rule }) => isVendorCode(rule.code)).length
}
