// How long the agencies take to acknowledge and to repair, of each severity against its own due time.
import type { AlarmMetrics, Duration } from '@ronda/contracts/alarm-metrics'
import type { Severity } from '@ronda/contracts/fault'
import { useRoom, useText, useWording } from '../context.tsx'
import { SeverityMark } from '../faults/severity-mark.tsx'
import { formatView, wholeView } from '../faults/view.ts'
import { formatAge } from '../format/age.ts'
import { Link } from '../frame/link.tsx'

const minuteMs = 60_000

type AgencyRow = AlarmMetrics['agencies'][number]

export function AgencyAnswers({ agencies }: { agencies: AlarmMetrics['agencies'] }) {
  const { overview: words } = useText()
  const shown = agencies.filter(({ severities, overdue }) => severities.length > 0 || overdue > 0)
  return (
    <section className="card" aria-labelledby="overview-answers">
      <header className="card-head">
        <h3 id="overview-answers">{words.answers}</h3>
        <p>{words.answersMeaning}</p>
      </header>
      {shown.length === 0 && <p className="card-empty">{words.noAnswers}</p>}
      {shown.length > 0 && (
        <div className="table-scroll">
          <table className="answer-table">
            <thead>
              <tr>
                <th scope="col">{words.agency}</th>
                <th scope="col">{words.acknowledge}</th>
                <th scope="col">{words.repair}</th>
              </tr>
            </thead>
            {shown.map((row) => (
              <AgencyBody key={row.agency ?? ''} row={row} />
            ))}
          </table>
        </div>
      )}
    </section>
  )
}

function AgencyBody({ row: { agency, severities, overdue } }: { row: AgencyRow }) {
  const { city } = useRoom()
  const { text, preferences } = useWording()
  const { overview: words, list } = text
  const known = city.agencies.find(({ id }) => id === agency)
  return (
    <tbody>
      <tr className="answer-agency">
        <th scope="rowgroup" colSpan={3}>
          {known?.name[preferences.language] ?? agency ?? list.noAgency}
          {overdue > 0 && (
            <Link
              className="overdue"
              href={`/${formatView({ ...wholeView, agency: agency ?? undefined, standings: ['overdue'] })}`}
            >
              {words.overdueNow(overdue)}
            </Link>
          )}
        </th>
      </tr>
      {severities.map(({ severity, toAcknowledge, toRepair }) => {
        const target = known?.targets?.[severity]
        return (
          <tr key={severity}>
            <th scope="row" className={`answer-severity severity-${severity}`}>
              <SeverityLink severity={severity} agency={agency ?? undefined} />
            </th>
            <td>
              <Answer duration={toAcknowledge} dueMs={target && target.responseMin * minuteMs} />
            </td>
            <td>
              <Answer duration={toRepair} dueMs={target && target.repairMin * minuteMs} />
            </td>
          </tr>
        )
      })}
    </tbody>
  )
}

function SeverityLink({ severity, agency }: { severity: Severity; agency: string | undefined }) {
  const text = useText()
  return (
    <Link href={`/${formatView({ ...wholeView, agency, severities: [severity] })}`}>
      <SeverityMark severity={severity} tone="quiet" />
      {text.severity[severity]}
    </Link>
  )
}

function Answer({ duration, dueMs }: { duration: Duration; dueMs: number | undefined }) {
  const text = useText()
  const { overview: words } = text
  const { count, medianMs, p90Ms } = duration
  if (medianMs === null || p90Ms === null) return <span className="answer-none">{words.notAnswered}</span>
  const lateness = (ms: number) => (dueMs !== undefined && ms > dueMs ? ' answer-late' : '')
  return (
    <span className="answer">
      {dueMs !== undefined && <AnswerBar medianMs={medianMs} p90Ms={p90Ms} dueMs={dueMs} />}
      <span className="answer-words">
        <span className={`answer-time${lateness(medianMs)}`}>
          {formatAge(medianMs, text.age)} <span className="answer-name">{words.median}</span>
        </span>
        <span className={`answer-time${lateness(p90Ms)}`}>
          {formatAge(p90Ms, text.age)} <span className="answer-name">{words.p90}</span>
          {lateness(p90Ms) !== '' && <span className="answer-word"> {words.late}</span>}
        </span>
        <span className="answer-note">
          {dueMs === undefined ? words.noDue : words.due(formatAge(dueMs, text.age))} · {words.count(String(count))}
        </span>
      </span>
    </span>
  )
}

/** The band ends at the due time; what reaches beyond it is late. */
function AnswerBar({ medianMs, p90Ms, dueMs }: { medianMs: number; p90Ms: number; dueMs: number }) {
  // A root keeps minutes apart from hours without a logarithm's distortion of what is near to nothing.
  const most = Math.max(dueMs * 1.25, p90Ms)
  const at = (ms: number) => `${Math.sqrt(ms / most) * 100}%`
  return (
    <span className="answer-bar" aria-hidden="true">
      <span className="answer-band" style={{ width: at(dueMs) }} />
      <span className={`answer-line${p90Ms > dueMs ? ' answer-line-late' : ''}`} style={{ width: at(p90Ms) }} />
      <span className="answer-median" style={{ insetInlineStart: at(medianMs) }} />
    </span>
  )
}
