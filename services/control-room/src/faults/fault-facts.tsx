// What is known of a fault, one fact a line; what does not apply is left out.
import type { Fault } from '@ronda/contracts/fault'
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { ReactNode } from 'react'
import { useRoom, useWording } from '../context.tsx'
import { formatPosition } from '../format/position.ts'
import { Link } from '../frame/link.tsx'
import { Age, Moment } from './age.tsx'

export function FaultFacts({ fault }: { fault: Fault }) {
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
    [text.due.respondBy, fault.dueAt !== undefined && <Moment at={fault.dueAt.response} />],
    [text.due.repairBy, fault.dueAt !== undefined && <Moment at={fault.dueAt.repair} />],
    [
      fault.maintenance === undefined ? detail.shelvedUntil : detail.maintenance,
      fault.shelvedUntil !== undefined && <Moment at={fault.shelvedUntil} />,
    ],
    [detail.occurrences, fault.occurrences > 1 && `×${fault.occurrences}`],
    [detail.acknowledged, fault.acknowledgedBy],
    [detail.assignee, fault.assignee],
    [detail.device, <DeviceName fault={fault} />],
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

/** A site or a district is no device. */
function DeviceName({ fault: { kind, deviceId } }: { fault: Fault }) {
  if (kind === 'site' || kind === 'district') return <code>{deviceId}</code>
  return (
    <Link href={pagePathOf({ section: 'devices', id: deviceId })}>
      <code>{deviceId}</code>
    </Link>
  )
}
