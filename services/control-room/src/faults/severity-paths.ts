// Severity as a shape, on a field of 14 × 14: in lists and on the map the same.
import type { Severity } from '@ronda/contracts/fault'

export const severityPaths: Readonly<Record<Severity, string>> = {
  critical: 'M7 1.2 12.8 7 7 12.8 1.2 7z',
  major: 'M7 1.8 12.8 12H1.2z',
  minor: 'M7 2.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2z',
  warning: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4z',
}
