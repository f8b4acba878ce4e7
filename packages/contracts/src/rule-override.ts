// What a city (`city.json`) or a device (its registry row) changes about the rules of the fault catalogue. Which codes
// and limits there are, and within which ranges, the catalogue itself knows (docs/faults.md); this is their form.
import { z } from 'zod'
import { FaultCode, Severity } from './fault.ts'

const mostOverrides = 64
/** A month. */
const mostMinutes = 43_200

const Confirmation = z.strictObject({
  reports: z.int().min(1).max(100).optional().describe('So many reports in a row'),
  minutes: z.number().min(0).max(mostMinutes).optional().describe('And then for so long since the first of them'),
})

export const RuleOverride = z.strictObject({
  enabled: z.boolean().optional().describe('false: the rule raises nothing, and what it has raised is cleared'),
  severity: Severity.optional(),
  limits: z.record(z.string().max(64), z.number()).optional().describe('Thresholds by name'),
  raise: Confirmation.optional().describe('How long the condition must hold until it is a fault'),
  clear: Confirmation.optional().describe('How long it must be gone until the fault is cleared'),
})
export type RuleOverride = z.infer<typeof RuleOverride>

/** By the rule's code; what is not stated stays as it is. */
export const RuleOverrides = z
  .record(FaultCode, RuleOverride)
  .refine((overrides) => Object.keys(overrides).length <= mostOverrides, `${mostOverrides} rules at most`)
export type RuleOverrides = z.infer<typeof RuleOverrides>
