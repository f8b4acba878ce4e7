// Severity as shape and colour; the word is beside it. Filled while nobody has acknowledged it, an outline
// afterwards.
import type { Severity } from '@ronda/contracts/fault'
import { severityPaths } from './severity-paths.ts'

export function SeverityMark({ severity, quiet = false }: { severity: Severity; quiet?: boolean }) {
  return (
    <svg className={`mark mark-${severity}${quiet ? ' quiet' : ''}`} viewBox="0 0 14 14" aria-hidden="true">
      <path className={severity === 'warning' ? 'hollow' : ''} d={severityPaths[severity]} />
    </svg>
  )
}
