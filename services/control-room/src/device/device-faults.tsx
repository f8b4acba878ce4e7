// What is wrong with a device now, and what was before.
import type { Fault } from '@ronda/contracts/fault'
import { useMemo } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { Age, Moment } from '../faults/age.tsx'
import { compareBy } from '../faults/order.ts'
import { FaultSign, OverWords } from '../faults/severity-mark.tsx'
import { useFetched } from '../use-fetched.ts'

const mostClosed = 10

export function DeviceFaults({ id }: { id: string }) {
  const { faults, api } = useRoom()
  const { device: words } = useText()
  const all = useWatched(faults)
  const open = useMemo(
    () =>
      [...all.values()]
        .filter(({ deviceId, kind }) => deviceId === id && isOfDevice(kind))
        .toSorted(compareBy('severity')),
    [all, id],
  )
  // One that was closed just now is no longer among the open ones: the closed ones are asked for anew.
  const key = `${id} ${open.map((fault) => fault.id).join(' ')}`
  const closed = useFetched(() => api.listClosed(id, mostClosed), { key })
  return (
    <section className="detail-section" aria-label={words.faults}>
      <h3>{words.faults}</h3>
      {open.length === 0 ? (
        <p className="hint">{words.noFaults}</p>
      ) : (
        <ul className="relatives">
          {open.map((fault) => (
            <FaultLine key={fault.id} fault={fault} />
          ))}
        </ul>
      )}
      {closed.state === 'known' && closed.value.faults.length > 0 && (
        <>
          <h4 className="device-closed">{words.closedFaults}</h4>
          <ul className="relatives">
            {closed.value.faults.map((fault) => (
              <FaultLine key={fault.id} fault={fault} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const isOfDevice = (kind: Fault['kind']) => kind !== 'site' && kind !== 'district'

function FaultLine({ fault }: { fault: Fault }) {
  const { view } = useRoom()
  const { language } = useWording().preferences
  const { closedAt, raisedAt } = fault
  return (
    <li>
      <button type="button" className="relative device-fault" onClick={() => view.change({ open: fault.id })}>
        <FaultSign fault={fault} />
        <span className="relative-name">
          {closedAt === undefined && <OverWords fault={fault} />}
          {fault.message[language]}
        </span>
        {closedAt === undefined ? <Age since={raisedAt} /> : <Moment at={closedAt} />}
      </button>
    </li>
  )
}
