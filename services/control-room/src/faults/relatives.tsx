// What a fault was caused by, and what it caused.
import type { Fault } from '@ronda/contracts/fault'
import { useMemo, useState } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { Age } from './age.tsx'
import { gatherFamilies } from './families.ts'
import { FaultSign, OverWords } from './severity-mark.tsx'

/** More than these are shown when asked for. */
const fewest = 8

export function Relatives({ fault }: { fault: Fault }) {
  const { faults } = useRoom()
  const { detail, list } = useText()
  const all = useWatched(faults)
  const children = useMemo(() => gatherFamilies(all).childrenOf(fault.id), [all, fault.id])
  const [whole, setWhole] = useState(false)
  const parent = fault.parentId === undefined ? undefined : all.get(fault.parentId)
  const kind = children[0]?.kind
  const memberKind = children.every((child) => child.kind === kind) ? kind : undefined
  return (
    <>
      {parent !== undefined && (
        <section className="detail-section">
          <h3>{detail.cause}</h3>
          <ul className="relatives">
            <Relative fault={parent} />
          </ul>
        </section>
      )}
      {children.length > 0 && (
        <section className="detail-section">
          <h3>{detail.caused(list.members(children.length, memberKind))}</h3>
          <ul className="relatives">
            {(whole ? children : children.slice(0, fewest)).map((child) => (
              <Relative key={child.id} fault={child} />
            ))}
          </ul>
          {!whole && children.length > fewest && (
            <button type="button" className="button button-small" onClick={() => setWhole(true)}>
              {detail.all(children.length)}
            </button>
          )}
        </section>
      )}
    </>
  )
}

function Relative({ fault }: { fault: Fault }) {
  const { view } = useRoom()
  const { preferences } = useWording()
  return (
    <li>
      <button type="button" className="relative" onClick={() => view.change({ open: fault.id })}>
        <FaultSign fault={fault} />
        <span className="relative-name">{fault.name}</span>
        <span className="relative-what">
          <OverWords fault={fault} />
          {fault.message[preferences.language]}
        </span>
        <Age since={fault.raisedAt} />
      </button>
    </li>
  )
}
