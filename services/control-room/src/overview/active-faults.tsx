// The active faults by severity, and of what is open what has been left lying.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { CityStanding } from '@ronda/contracts/city-standing'
import { useText, useWording } from '../context.tsx'
import { SeverityMark } from '../faults/severity-mark.tsx'
import { formatView, wholeView } from '../faults/view.ts'
import { Link } from '../frame/link.tsx'

interface ActiveFaultsProps {
  standing: CityStanding
  open: AlarmMetrics['open'] | undefined
}

export function ActiveFaults({ standing: { faults }, open }: ActiveFaultsProps) {
  const { overview: words, severity: names } = useText()
  const { locale } = useWording()
  return (
    <section className="card" aria-labelledby="overview-active">
      <h3 id="overview-active">{words.active}</h3>
      <ul className="active-faults">
        {faults.map(({ severity, active, unacknowledged }) => (
          <li key={severity} className={active === 0 ? 'active-none' : `severity-${severity}`}>
            <Link href={`/${formatView({ ...wholeView, severities: [severity], standings: ['active'] })}`}>
              <SeverityMark severity={severity} tone={unacknowledged === 0 ? 'quiet' : 'loud'} />
              <span className="word">{names[severity]}</span>
              <span className="active-count">{active.toLocaleString(locale)}</span>
              <span className="active-note">
                {active === 0
                  ? words.noneOf
                  : unacknowledged === 0
                    ? words.allAcknowledged
                    : words.notAcknowledged(unacknowledged)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {open !== undefined && (
        <dl className="open-counts">
          <div className={open.overdue > 0 ? 'open-late' : ''}>
            <dt>{words.openOf.overdue}</dt>
            <dd>
              <Link href={`/${formatView({ ...wholeView, standings: ['overdue'] })}`}>{open.overdue}</Link>
            </dd>
          </div>
          <div>
            <dt>{words.openOf.shelved}</dt>
            <dd>
              <Link href={`/${formatView({ ...wholeView, standings: ['shelved'] })}`}>{open.shelved}</Link>
            </dd>
          </div>
        </dl>
      )}
    </section>
  )
}
