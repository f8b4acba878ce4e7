// The values that raised a fault, and what was measured before and after beside the limits that it is held against.
import type { Fault } from '@ronda/contracts/fault'
import { Suspense, lazy } from 'react'
import { useWording } from '../context.tsx'
import { describeEvidence } from '../format/evidence.ts'
import type { OpenedFault } from './use-fault.ts'

// With the library that draws them, charts are as much as the rest of the page.
const EvidenceCharts = lazy(() => import('./evidence-charts.tsx'))

export interface FaultEvidenceProps {
  fault: Fault
  story: OpenedFault['story']
}

export function FaultEvidence({ fault, story }: FaultEvidenceProps) {
  const { text, locale, preferences } = useWording()
  const lines = describeEvidence(fault.evidence, { language: preferences.language, locale, text })
  const hasMeasures = story !== undefined && story.measures.length > 0
  if (lines.length === 0 && !hasMeasures) return null
  return (
    <section className="detail-section">
      <h3>{text.detail.evidence}</h3>
      {hasMeasures && (
        <Suspense fallback={<div className="evidence-chart" />}>
          <EvidenceCharts fault={fault} measures={story.measures} periods={story.periods} />
        </Suspense>
      )}
      <p className="hint">{text.detail.evidenceMeaning}</p>
      <dl className="evidence">
        {lines.map(({ field, label, value }) => (
          <div key={field}>
            <dt title={field}>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
