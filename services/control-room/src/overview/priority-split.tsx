// How urgent what was announced claimed to be: a bar of three parts above that of the target.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { Severity } from '@ronda/contracts/fault'
import { useText, useWording } from '../context.tsx'
import { formatView, wholeView } from '../faults/view.ts'
import { Link } from '../frame/link.tsx'
import { Verdict } from './verdict.tsx'

type Priority = AlarmMetrics['priorities']['split'][number]['priority']

const severitiesOf: Readonly<Record<Priority, readonly Severity[]>> = {
  high: ['critical'],
  medium: ['major'],
  low: ['minor', 'warning'],
}

interface PrioritySplitProps {
  priorities: AlarmMetrics['priorities']
  agency: string | undefined
}

export function PrioritySplit({ priorities: { split, met }, agency }: PrioritySplitProps) {
  const { overview: words } = useText()
  const { locale } = useWording()
  const percent = (share: number) => share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 })
  return (
    <div className="figure figure-wide">
      <dt>{words.split}</dt>
      <dd>
        <span className="split-values">
          {split.map(({ priority, share }) => (
            <Link key={priority} href={`/${formatView({ ...wholeView, agency, severities: severitiesOf[priority] })}`}>
              <span className="split-name">{words.priority[priority]}</span> {percent(share)}
            </Link>
          ))}
        </span>
        <span className="split-bars" aria-hidden="true">
          {(['share', 'target'] as const).map((which) => (
            <span key={which} className={`split-bar split-${which}`}>
              {split.map((each) => (
                <span key={each.priority} className={`split-${each.priority}`} style={{ flexGrow: each[which] }} />
              ))}
            </span>
          ))}
        </span>
        <Verdict met={met}>{words.splitTarget}</Verdict>
      </dd>
    </div>
  )
}
