// Which faults a request is about, of its query: one district, kind, severity or agency, or any combination.
import { type FaultFilter, FaultKind, Severity } from '@ronda/contracts/fault'
import { z } from 'zod'

export const FilterQuery = z.object({
  severity: Severity.optional(),
  district: z.string().optional(),
  kind: FaultKind.optional(),
  agency: z.string().optional(),
})

export function filterOf({ district, kind, severity, agency }: z.output<typeof FilterQuery>): FaultFilter {
  const list = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])
  return { districts: list(district), kinds: list(kind), severities: list(severity), agencies: list(agency) }
}
