// Severity as shape and colour; the word is beside it. Filled while nobody has acknowledged it, an outline afterwards,
// and without colour when it is over.
import type { Fault, Severity } from '@ronda/contracts/fault'
import { useText } from '../context.tsx'
import { severityPaths } from './severity-paths.ts'

export type Tone = 'loud' | 'quiet' | 'over'

export function SeverityMark({ severity, tone = 'loud' }: { severity: Severity; tone?: Tone }) {
  return (
    <svg className={`mark mark-${severity} ${tone}`} viewBox="0 0 14 14" aria-hidden="true">
      <path className={severity === 'warning' ? 'hollow' : ''} d={severityPaths[severity]} />
    </svg>
  )
}

type Marked = Pick<Fault, 'severity' | 'active' | 'acknowledged' | 'closedAt'>

const isOver = ({ active, closedAt }: Marked) => !active || closedAt !== undefined

/** `isQuiet`: whatever its state, it asks for nothing, as what another fault caused. */
export function FaultMark({ fault, isQuiet = false }: { fault: Marked; isQuiet?: boolean }) {
  const tone = isOver(fault) ? 'over' : fault.acknowledged || isQuiet ? 'quiet' : 'loud'
  return <SeverityMark severity={fault.severity} tone={tone} />
}

/** The mark, and its severity in words for who does not see it. */
export function FaultSign({ fault }: { fault: Marked }) {
  const { severity } = useText()
  return (
    <>
      <FaultMark fault={fault} />
      <span className="visually-hidden">{severity[fault.severity]}</span>
    </>
  )
}

/** Before other words, which may be cut off, where the mark would say by its colour alone that the fault is over. */
export function OverWords({ fault }: { fault: Marked }) {
  const { state } = useText()
  if (!isOver(fault)) return null
  return <span className="over-words">{fault.closedAt === undefined ? state.clearedPlain : state.closed} · </span>
}
