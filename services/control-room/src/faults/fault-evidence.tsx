// The values that raised a fault.
import type { Fault } from '@ronda/contracts/fault'
import { useWording } from '../context.tsx'
import { describeEvidence } from '../format/evidence.ts'

export function FaultEvidence({ fault: { evidence } }: { fault: Fault }) {
  const { text, locale, preferences } = useWording()
  const lines = describeEvidence(evidence, { language: preferences.language, locale, text })
  if (lines.length === 0) return null
  return (
    <section className="detail-section">
      <h3>{text.detail.evidence}</h3>
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
