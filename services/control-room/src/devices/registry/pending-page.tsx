// Devices that gateways speak for and nobody has registered, as they come and go.
import type { PendingDevice } from '@ronda/contracts/pending-device'
import { useState } from 'react'
import { dismissPending, listPending } from '../../api/registry.ts'
import { useMay, useRoom, useText } from '../../context.tsx'
import { useSlow } from '../../frame/use-slow.ts'
import { useFetched } from '../../use-fetched.ts'
import { PendingRow } from './pending-row.tsx'
import { sayRegistryRefusal } from './refusal.ts'
import { RegistryFrame } from './registry-frame.tsx'

const everyMs = 5_000
const mostShown = 500

export function PendingPage() {
  const { notices } = useRoom()
  const { pending: words, device: deviceWords } = useText()
  const mayChange = useMay()('changeDevices')
  const [dismissed, setDismissed] = useState<ReadonlySet<PendingDevice>>(new Set())
  const fetched = useFetched(() => listPending(mostShown), { key: 'pending', everyMs })
  const isSlow = useSlow(fetched.state === 'loading')
  const isKnown = fetched.state === 'known'
  // As it was told: what speaks again after it was dismissed is another entry.
  const rows = isKnown ? fetched.value.pendingDevices.filter((each) => !dismissed.has(each)) : []

  async function dismiss(device: PendingDevice): Promise<void> {
    const reply = await dismissPending(device.id)
    if (reply.kind === 'answer') {
      setDismissed((before) => new Set(before).add(device))
      notices.say({ tone: 'plain', saying: ({ pending }) => pending.dismissed(device.id) })
      return
    }
    const isGone = reply.kind === 'problem' && reply.status === 404
    if (isGone) setDismissed((before) => new Set(before).add(device))
    notices.say({
      tone: isGone ? 'plain' : 'problem',
      saying: (inLanguage) => (isGone ? inLanguage.pending.gone(device.id) : sayRegistryRefusal(reply, inLanguage)),
    })
  }

  return (
    <RegistryFrame title={words.title} className="pending">
      <div className="pending-body">
        {rows.length > 0 && (
          <>
            <p className="hint">{words.meaning}</p>
            <div className="pending-frame" tabIndex={0} role="region" aria-label={words.title}>
              <table className="pending-table">
                <thead>
                  <tr>
                    <th scope="col">{words.device}</th>
                    <th scope="col">{words.gateway}</th>
                    <th scope="col">{words.firstSeen}</th>
                    <th scope="col">{words.lastSeen}</th>
                    <th scope="col">{words.messages}</th>
                    {mayChange && (
                      <th scope="col">
                        <span className="visually-hidden">{words.actions}</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((device) => (
                    <PendingRow
                      key={device.id}
                      device={device}
                      {...(mayChange ? { onDismiss: () => dismiss(device) } : {})}
                    />
                  ))}
                </tbody>
              </table>
            </div>
            {isKnown && fetched.value.next !== undefined && <p className="hint">{words.notAll(rows.length)}</p>}
          </>
        )}
        {isKnown && rows.length === 0 && (
          <div className="no-rows" role="status">
            <h2>{words.none}</h2>
            <p>{words.noneMeaning}</p>
          </div>
        )}
        {(fetched.state === 'failed' || fetched.state === 'missing') && (
          <div className="no-rows" role="status">
            <h2>{words.failed}</h2>
            <p>{deviceWords.failedMeaning}</p>
          </div>
        )}
        {isSlow && (
          <div className="no-rows" role="status">
            <p>{words.loading}</p>
          </div>
        )}
      </div>
    </RegistryFrame>
  )
}
