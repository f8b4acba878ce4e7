// What the pointer is on, in words beside it. For the eye only: the list of what is in sight says the same.
import { useWording } from '../context.tsx'
import { OverWords } from '../faults/severity-mark.tsx'
import type { Picked } from './city-map.ts'
import type { Marks } from './marks.ts'
import type { Places } from './places.ts'

export interface PointedAtProps {
  picked: Picked
  /** px of the map. */
  x: number
  y: number
  places: Places | undefined
  marks: Marks
}

export function PointedAt({ picked, x, y, places, marks }: PointedAtProps) {
  const { text, preferences } = useWording()
  const place = 'device' in picked ? places?.all[picked.device] : undefined
  const fault = ('fault' in picked ? marks.areas.get(picked.fault) : marks.devices.get(place?.id ?? ''))?.fault
  const name = place?.name ?? fault?.name
  if (name === undefined) return null
  return (
    <div className="map-pointed" aria-hidden="true" style={{ left: x, top: y }}>
      <strong>{name}</strong>
      <span>
        {fault !== undefined && <OverWords fault={fault} />}
        {fault?.message[preferences.language] ?? (place === undefined ? '' : text.kind[place.kind])}
      </span>
    </div>
  )
}
