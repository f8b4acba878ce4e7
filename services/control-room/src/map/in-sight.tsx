// What the map shows, as a list: for those who do not see it, and for those who would rather read. Faults first, the
// gravest on top and what is over below; then the devices, when there are few enough to be told one by one.
import type { Fault } from '@ronda/contracts/fault'
import { useId, useMemo, useState } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { compareBy } from '../faults/order.ts'
import { FaultSign, OverWords } from '../faults/severity-mark.tsx'
import { ChevronDownIcon, ChevronRightIcon } from '../frame/icons.tsx'
import type { Sight } from './city-map.ts'
import { type Marks, isConsequence } from './marks.ts'
import type { DevicePlace } from './places.ts'

/** More than these are counted only. */
const mostFaults = 100
const mostDevices = 200

const byGravity = compareBy('severity')
const activeFirst = (a: Fault, b: Fault) => Number(b.active) - Number(a.active) || byGravity(a, b)

export interface InSightProps {
  /** undefined until the map is there: then all is in sight. */
  sight: Sight | undefined
  /** In the order of their ids. */
  shown: readonly DevicePlace[]
  marks: Marks
}

export function InSight({ sight, shown, marks }: InSightProps) {
  const { map } = useText()
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const faults = useMemo(() => {
    const all = [...marks.devices.values(), ...marks.areas.values()]
    const inSight = all.filter(({ rank, fault }) => !isConsequence(rank) && isIn(sight, fault))
    return inSight.map(({ fault }) => fault).toSorted(activeFirst)
  }, [marks, sight])
  const devices = useMemo(() => shown.filter((place) => isIn(sight, place)), [shown, sight])
  return (
    <div className="in-sight">
      <button
        type="button"
        className="in-sight-head"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? <ChevronDownIcon /> : <ChevronRightIcon />}
        {map.inSight}
        <span className="count">{map.counts(faults.length, devices.length)}</span>
      </button>
      {isOpen && (
        <div id={id} className="in-sight-list" tabIndex={0} role="region" aria-label={map.inSight}>
          <ul>
            {faults.slice(0, mostFaults).map((fault) => (
              <InSightFault key={fault.id} fault={fault} />
            ))}
            {faults.length > mostFaults && <li className="hint">{map.moreFaults(faults.length - mostFaults)}</li>}
          </ul>
          {devices.length <= mostDevices ? (
            <ul>
              {devices.map((place) => (
                <InSightDevice key={place.id} place={place} />
              ))}
            </ul>
          ) : (
            <p className="hint">{map.manyDevices(devices.length)}</p>
          )}
        </div>
      )}
    </div>
  )
}

function InSightFault({ fault }: { fault: Fault }) {
  const { id, message, name } = fault
  const { view } = useRoom()
  const isChosen = useWatched(view).open === id
  const { language } = useWording().preferences
  return (
    <li>
      <button type="button" className="in-sight-item" aria-pressed={isChosen} onClick={() => view.change({ open: id })}>
        <FaultSign fault={fault} />
        <span className="in-sight-what">
          <OverWords fault={fault} />
          {message[language]}
        </span>
        <span className="in-sight-name">{name}</span>
      </button>
    </li>
  )
}

function InSightDevice({ place: { id, name, kind } }: { place: DevicePlace }) {
  const { view } = useRoom()
  const isChosen = useWatched(view).device === id
  const { kind: kinds } = useText()
  return (
    <li>
      <button
        type="button"
        className="in-sight-item in-sight-device"
        aria-pressed={isChosen}
        onClick={() => view.change({ open: undefined, device: id })}
      >
        <span className="in-sight-what">{name}</span>
        <span className="in-sight-name">{kinds[kind]}</span>
      </button>
    </li>
  )
}

function isIn(sight: Sight | undefined, { longitude, latitude }: { longitude: number; latitude: number }): boolean {
  return (
    sight === undefined ||
    (longitude >= sight.west && longitude <= sight.east && latitude >= sight.south && latitude <= sight.north)
  )
}
