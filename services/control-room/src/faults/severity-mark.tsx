// Severity as shape and colour; the word is beside it. Filled while nobody has acknowledged it, an outline
// afterwards.
import type { Severity } from '@ronda/contracts/fault'
import type { ReactNode } from 'react'

const shapes: Record<Severity, ReactNode> = {
  critical: <path d="M7 1.2 12.8 7 7 12.8 1.2 7z" />,
  major: <path d="M7 1.8 12.8 12H1.2z" />,
  minor: <circle cx="7" cy="7" r="4.6" />,
  warning: <circle className="hollow" cx="7" cy="7" r="4.2" />,
}

export function SeverityMark({ severity, quiet = false }: { severity: Severity; quiet?: boolean }) {
  return (
    <svg className={`mark mark-${severity}${quiet ? ' quiet' : ''}`} viewBox="0 0 14 14" aria-hidden="true">
      {shapes[severity]}
    </svg>
  )
}
