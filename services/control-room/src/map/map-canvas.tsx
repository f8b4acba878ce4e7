// The map on the page, with what lies over it: what is in sight as a list, the legend, the buttons, and words where
// there is nothing to draw.
import type { DistrictCollection } from '@ronda/contracts/city'
import { useCallback, useState } from 'react'
import { useRoom, useText } from '../context.tsx'
import { MinusIcon, PlusIcon, WholeIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'
import type { Fetched } from '../use-fetched.ts'
import type { Picked, Sight } from './city-map.ts'
import { InSight } from './in-sight.tsx'
import { Legend } from './legend.tsx'
import type { Marks } from './marks.ts'
import type { DevicePlace, Places } from './places.ts'
import { PointedAt } from './pointed-at.tsx'
import { useCityMap } from './use-city-map.ts'

export interface MapCanvasProps {
  districts: Fetched<DistrictCollection>
  /** undefined until they are known. */
  places: Places | undefined
  /** They could not be fetched. */
  isLost: boolean
  /** Those that the view is about. */
  shown: readonly DevicePlace[] | undefined
  marks: Marks
}

export function MapCanvas({ districts, places, isLost, shown, marks }: MapCanvasProps) {
  const { view } = useRoom()
  const { map: words } = useText()
  const [sight, setSight] = useState<Sight>()
  const [pointed, setPointed] = useState<{ picked: Picked; x: number; y: number }>()

  const onPick = useCallback(
    (picked: Picked | undefined) => {
      const target = resolve(picked, places, marks)
      if (target === undefined) return
      view.change(target)
    },
    [view, places, marks],
  )
  const onPoint = useCallback((picked: Picked | undefined, at: { x: number; y: number }) => {
    setPointed(picked === undefined ? undefined : { picked, ...at })
  }, [])

  const { element, map, problem } = useCityMap({
    districts: districts.state === 'known' ? districts.value : undefined,
    places,
    shown,
    marks,
    onPick,
    onPoint,
    onSight: setSight,
  })
  const isWaiting = useSlow(districts.state === 'loading' || (shown === undefined && !isLost))
  const notice =
    problem === 'undrawable'
      ? words.undrawable
      : districts.state === 'failed' || isLost
        ? words.lost
        : isWaiting
          ? words.loading
          : problem === 'style-lost'
            ? words.styleLost
            : shown?.length === 0 && places?.all.length === 0
              ? words.noDevices
              : undefined

  return (
    <div className="map-frame">
      <div ref={element} className="map-canvas" data-shown={shown?.length} />
      {notice !== undefined && (
        <p className="map-notice" role="status">
          {notice}
        </p>
      )}
      <InSight sight={sight} shown={shown ?? noPlaces} marks={marks} />
      {map !== undefined && (
        <div className="map-tools">
          <button
            type="button"
            className="map-tool"
            aria-label={words.closer}
            title={words.closer}
            onClick={() => map.zoom(1)}
          >
            <PlusIcon />
          </button>
          <button
            type="button"
            className="map-tool"
            aria-label={words.farther}
            title={words.farther}
            onClick={() => map.zoom(-1)}
          >
            <MinusIcon />
          </button>
          <button type="button" className="map-tool" aria-label={words.whole} title={words.whole} onClick={map.home}>
            <WholeIcon />
          </button>
        </div>
      )}
      <Legend />
      {pointed !== undefined && <PointedAt {...pointed} places={places} marks={marks} />}
    </div>
  )
}

const noPlaces: readonly DevicePlace[] = []

/** What to open: of a device its fault, where it has one. */
function resolve(picked: Picked | undefined, places: Places | undefined, marks: Marks) {
  if (picked === undefined) return undefined
  if ('fault' in picked) return { open: picked.fault }
  const place = places?.all[picked.device]
  if (place === undefined) return undefined
  const mark = marks.devices.get(place.id)
  return mark === undefined ? { open: undefined, device: place.id } : { open: mark.fault.id }
}
