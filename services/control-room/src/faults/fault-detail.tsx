// One fault, opened: what it is, what to do, how it came to be known and what has happened since.
import type { Fault, TrailEntry } from '@ronda/contracts/fault'
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { describeEvidence } from '../format/evidence.ts'
import { formatPosition } from '../format/position.ts'
import { BackIcon, CloseIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { Age, Moment } from './age.tsx'
import { FaultState } from './fault-state.tsx'
import { focusTable } from './fault-table.tsx'
import { Relatives } from './relatives.tsx'
import { SeverityMark } from './severity-mark.tsx'
import { useAcknowledge } from './use-acknowledge.ts'
import { useFault } from './use-fault.ts'
import { useIsPhone } from './use-row-height.ts'

export function FaultDetail({ id }: { id: string }) {
  const { view } = useRoom()
  const { detail, frame } = useText()
  const { fault, trail, missing } = useFault(id)
  const isSlow = useSlow(fault === undefined && !missing)
  const isPhone = useIsPhone()
  const closer = useRef<HTMLButtonElement>(null)
  useFocusOnPhone(closer, isPhone)

  return (
    <aside className="detail" aria-label={detail.label}>
      <button
        ref={closer}
        type="button"
        className="icon-button detail-close"
        aria-label={isPhone ? detail.back : frame.close}
        onClick={() => view.change({ open: undefined })}
      >
        {isPhone ? <BackIcon /> : <CloseIcon />}
      </button>
      {fault !== undefined && <Opened fault={fault} trail={trail} />}
      {missing && (
        <div className="no-rows">
          <h2>{detail.missing}</h2>
          <p>{detail.missingMeaning}</p>
        </div>
      )}
      {isSlow && <div className="skeleton" />}
    </aside>
  )
}

/** The detail covers the list there: whoever reads by ear or by keys has to be in it. */
function useFocusOnPhone(element: RefObject<HTMLElement | null>, isPhone: boolean): void {
  useEffect(() => {
    if (!isPhone) return undefined
    element.current?.focus()
    return focusTable
  }, [element, isPhone])
}

function Opened({ fault, trail }: { fault: Fault; trail: readonly TrailEntry[] }) {
  const { acknowledger } = useRoom()
  const { text, preferences } = useWording()
  const pending = useWatched(acknowledger.pending).has(fault.id)
  const acknowledge = useAcknowledge()
  const { severity, closedAt } = fault
  return (
    <div className="detail-content" tabIndex={0}>
      <header className="detail-head">
        <p className={`detail-severity severity-${severity}`}>
          <SeverityMark severity={severity} quiet={fault.acknowledged} />
          <span className="word">{text.severity[severity]}</span>
          {fault.overdue && <span className="overdue">{text.state.overdue}</span>}
        </p>
        <h2>{fault.message[preferences.language]}</h2>
        <p className="detail-where">{fault.name}</p>
        <p className="detail-state">
          <FaultState fault={fault} pending={pending} />
        </p>
      </header>
      {closedAt === undefined ? (
        !fault.acknowledged && (
          <button
            type="button"
            className="button button-strong detail-acknowledge"
            disabled={pending}
            onClick={() => acknowledge([fault])}
          >
            {pending ? text.state.acknowledging : text.actions.acknowledge}
            <kbd aria-hidden="true">a</kbd>
          </button>
        )
      ) : (
        <p className="detail-closed">{text.detail.closedMeaning}</p>
      )}
      <Facts fault={fault} />
      <Evidence fault={fault} />
      <Relatives fault={fault} />
      <Trail trail={trail} />
    </div>
  )
}

function Facts({ fault }: { fault: Fault }) {
  const { city, districtName } = useRoom()
  const { text, preferences } = useWording()
  const { detail } = text
  const agency = city.agencies.find(({ id }) => id === fault.agency)?.name[preferences.language] ?? fault.agency
  const facts: [label: string, value: ReactNode][] = [
    [
      detail.raised,
      <>
        <Moment at={fault.raisedAt} />
        <span className="aside">
          <Age since={fault.raisedAt} />
        </span>
      </>,
    ],
    [detail.updated, fault.updatedAt !== fault.raisedAt && <Moment at={fault.updatedAt} />],
    [detail.clearedAt, fault.clearedAt !== undefined && <Moment at={fault.clearedAt} />],
    [detail.closedAt, fault.closedAt !== undefined && <Moment at={fault.closedAt} />],
    [detail.respondBy, fault.dueAt !== undefined && <Moment at={fault.dueAt.response} />],
    [detail.repairBy, fault.dueAt !== undefined && <Moment at={fault.dueAt.repair} />],
    [detail.shelvedUntil, fault.shelvedUntil !== undefined && <Moment at={fault.shelvedUntil} />],
    [detail.occurrences, fault.occurrences > 1 && `×${fault.occurrences}`],
    [detail.acknowledged, fault.acknowledgedBy],
    [detail.assignee, fault.assignee],
    [detail.device, <code>{fault.deviceId}</code>],
    [detail.kind, text.kind[fault.kind]],
    [detail.district, districtName(fault.district)],
    [detail.agency, agency],
    [detail.position, <code>{formatPosition(fault)}</code>],
    [detail.code, <code>{fault.code}</code>],
  ]
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== false)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

function Evidence({ fault: { evidence } }: { fault: Fault }) {
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

function wordsOf(note: string, notes: Readonly<Record<string, string>>): string {
  return Object.hasOwn(notes, note) ? (notes[note] ?? note) : note
}

function Trail({ trail }: { trail: readonly TrailEntry[] }) {
  const text = useText()
  if (trail.length === 0) return null
  return (
    <section className="detail-section">
      <h3>{text.detail.trail}</h3>
      <ol className="trail">
        {trail.toReversed().map((entry, i) => (
          <li key={trail.length - i}>
            <Moment at={entry.at} />
            <span>
              {text.trail[entry.event]}
              {entry.assignee !== undefined && ` → ${entry.assignee}`}
              {entry.until !== undefined && (
                <>
                  {' → '}
                  <Moment at={entry.until} />
                </>
              )}
              {entry.by !== undefined && <span className="aside">{entry.by}</span>}
              {entry.note !== undefined && <span className="trail-note">{wordsOf(entry.note, text.notes)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
