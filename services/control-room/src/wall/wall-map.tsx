// The map of the wall: the whole city, with its labels large enough to be read from where the people sit.
import type { DistrictCollection } from '@ronda/contracts/city'
import { useEffect, useMemo, useState } from 'react'
import { useText } from '../context.tsx'
import type { Scene } from '../faults/survey.ts'
import { placesOf } from '../map/features.ts'
import { gatherMarks } from '../map/marks.ts'
import { useCityMap } from '../map/use-city-map.ts'
import { usePlaces } from '../map/use-places.ts'
import type { Fetched } from '../use-fetched.ts'
import '../styles/map.css'

/** CSS px of width for which the map's own sizes are made. */
const usualWidthPx = 1_600
const nothing = () => {}
const everything: readonly [] = []
const noMarks = { devices: new Map(), areas: new Map() }

interface WallMapProps {
  districts: Fetched<DistrictCollection>
  /** undefined until the faults are known. */
  scene: Scene | undefined
}

export function WallMap({ districts, scene }: WallMapProps) {
  const { map: words } = useText()
  const chosenDistricts = scene?.view.districts ?? everything
  const kinds = scene?.view.kinds ?? everything
  const marks = useMemo(() => (scene === undefined ? noMarks : gatherMarks(scene)), [scene])
  const fetched = usePlaces()
  const places = fetched.state === 'known' ? fetched.value : undefined
  const shown = useMemo(
    () => (places === undefined ? undefined : placesOf(places, { districts: chosenDistricts, kinds })),
    [places, chosenDistricts, kinds],
  )
  // A screen on a wall does not change its size; one that is tried on a desk is loaded anew.
  const [magnification] = useState(() => Math.max(1, window.innerWidth / usualWidthPx))
  const { element, map, problem } = useCityMap({
    districts: districts.state === 'known' ? districts.value : undefined,
    places,
    shown,
    marks,
    magnification,
    onPick: nothing,
    onPoint: nothing,
    onSight: nothing,
  })
  // The whole city, whatever else comes and goes beside it.
  useEffect(() => {
    const host = element.current
    if (host === null || map === undefined) return undefined
    const observer = new ResizeObserver(() => map.home())
    observer.observe(host)
    return () => observer.disconnect()
  }, [element, map])
  const notice = problem === 'undrawable' ? words.undrawable : districts.state === 'failed' ? words.lost : undefined
  return (
    <section className="wall-map" aria-label={words.label} inert>
      <div
        ref={element}
        className="map-canvas"
        data-shown={shown?.length}
        style={{
          inset: 'auto',
          width: `${100 / magnification}%`,
          height: `${100 / magnification}%`,
          transform: `scale(${magnification})`,
        }}
      />
      {notice !== undefined && <p className="wall-map-notice">{notice}</p>}
    </section>
  )
}
