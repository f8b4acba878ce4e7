// One fault, opened: what it is, what to do, how it came to be known and what has happened since.
import type { Fault } from '@ronda/contracts/fault'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { SidePane } from '../frame/side-pane.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { foresee } from './actions/effects.ts'
import { DetailActions } from './detail-actions.tsx'
import { DeviceWeek } from './device-week.tsx'
import { FaultEvidence } from './fault-evidence.tsx'
import { FaultFacts } from './fault-facts.tsx'
import { FaultState } from './fault-state.tsx'
import { focusTable } from './fault-table.tsx'
import { FaultTrail } from './fault-trail.tsx'
import { Relatives } from './relatives.tsx'
import { FaultMark } from './severity-mark.tsx'
import { type OpenedFault, useFault } from './use-fault.ts'

export function FaultDetail({ id }: { id: string }) {
  const { view } = useRoom()
  const { detail } = useText()
  const { fault, story, missing } = useFault(id)
  const isSlow = useSlow(fault === undefined && !missing)

  return (
    <SidePane
      label={detail.label}
      back={detail.back}
      onClose={() => view.change({ open: undefined })}
      onLeave={focusTable}
    >
      {fault !== undefined && <Opened fault={fault} story={story} />}
      {missing && (
        <div className="no-rows">
          <h2>{detail.missing}</h2>
          <p>{detail.missingMeaning}</p>
        </div>
      )}
      {isSlow && <div className="skeleton" />}
    </SidePane>
  )
}

function Opened({ fault: known, story }: { fault: Fault; story: OpenedFault['story'] }) {
  const { performer } = useRoom()
  const { text, preferences } = useWording()
  const pending = useWatched(performer.pending).get(known.id)
  const fault = pending === undefined ? known : foresee(known, pending)
  const { severity, closedAt } = fault
  return (
    <div className="detail-content" tabIndex={0}>
      <header className="detail-head">
        <p className={`detail-severity severity-${severity}`}>
          <FaultMark fault={fault} />
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
        <DetailActions fault={fault} pending={pending} />
      ) : (
        <p className="detail-closed">{text.detail.closedMeaning}</p>
      )}
      <FaultEvidence fault={fault} story={story} />
      <Relatives fault={fault} />
      <FaultTrail trail={story?.trail ?? []} />
      <DeviceWeek fault={fault} />
      <FaultFacts fault={fault} />
    </div>
  )
}
