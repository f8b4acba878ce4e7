// A pending device: what it says of itself, and the two ways out of the list.
import type { PendingDevice } from '@ronda/contracts/pending-device'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useState } from 'react'
import { useAge, useText, useTimes, useWording } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import { registryPathOf } from './registry-view.ts'

export interface PendingRowProps {
  device: PendingDevice
  /** Absent: the person may only look. */
  onDismiss?: () => Promise<void>
}

export function PendingRow({ device, onDismiss }: PendingRowProps) {
  const { id, kind, gateway, firstSeenAt, lastSeenAt, messages } = device
  const { text, locale } = useWording()
  const { pending: words } = text
  const [isAsking, setAsking] = useState(false)

  async function dismiss(ask: () => Promise<void>): Promise<void> {
    setAsking(true)
    await ask()
    setAsking(false)
  }

  return (
    <tr>
      <th scope="row">
        <code>{id}</code>
        <span className="aside">{text.kind[kind]}</span>
      </th>
      <td data-label={words.gateway}>
        <Link href={pagePathOf({ section: 'devices', id: gateway })}>
          <code>{gateway}</code>
        </Link>
      </td>
      <td data-label={words.firstSeen}>
        <Ago at={firstSeenAt} />
      </td>
      <td data-label={words.lastSeen}>
        <Ago at={lastSeenAt} />
      </td>
      <td className="pending-count" data-label={words.messages}>
        {messages.toLocaleString(locale)}
      </td>
      {onDismiss !== undefined && (
        <td>
          <div className="row-actions">
            <Link className="button button-small" href={registryPathOf({ view: 'approve', id })}>
              {words.register}
              <span className="visually-hidden"> {id}</span>
            </Link>
            <button
              type="button"
              className="button button-small"
              title={words.dismissMeaning}
              disabled={isAsking}
              onClick={() => void dismiss(onDismiss)}
            >
              {words.dismiss}
              <span className="visually-hidden"> {id}</span>
            </button>
          </div>
        </td>
      )}
    </tr>
  )
}

function Ago({ at }: { at: number }) {
  const { pending: words } = useText()
  const times = useTimes()
  const age = useAge(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={times.exact(at)}>
      {words.ago(age)}
    </time>
  )
}
