// Brings what the page knows onto the map, and only what has changed.
import type { DistrictCollection } from '@ronda/contracts/city'
import { type RefObject, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { type CityMap, type CityMapOptions, createCityMap } from './city-map.ts'
import { areaFeatures, collect, linkFeatures } from './features.ts'
import type { MarkRank, Marks } from './marks.ts'
import type { DevicePlace, Places } from './places.ts'

export interface UseCityMapOptions extends Pick<CityMapOptions, 'onPick' | 'onPoint' | 'onSight' | 'magnification'> {
  districts: DistrictCollection | undefined
  places: Places | undefined
  shown: readonly DevicePlace[] | undefined
  marks: Marks
}

export interface UsedCityMap {
  element: RefObject<HTMLDivElement | null>
  map: CityMap | undefined
  /** This browser draws no maps, or the city's own style did not come. */
  problem: 'undrawable' | 'style-lost' | undefined
}

export function useCityMap({
  districts,
  places,
  shown,
  marks,
  magnification = 1,
  ...told
}: UseCityMapOptions): UsedCityMap {
  const { city, view, faults } = useRoom()
  const { theme } = useWording().preferences
  const words = useText().map.library
  const element = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<CityMap>()
  const [problem, setProblem] = useState<UsedCityMap['problem']>()
  const onPick = useEffectEvent(told.onPick)
  const onPoint = useEffectEvent(told.onPoint)
  const onSight = useEffectEvent(told.onSight)
  const { attribution, mapStyleUrl } = city

  useEffect(() => {
    if (element.current === null || districts === undefined) return undefined
    let made: CityMap
    try {
      made = createCityMap({
        element: element.current,
        districts,
        attribution,
        styleUrl: mapStyleUrl,
        magnification,
        words,
        onPick: (picked) => onPick(picked),
        onPoint: (picked, at) => onPoint(picked, at),
        onSight: (sight) => onSight(sight),
        onStyleLost: () => setProblem('style-lost'),
      })
    } catch {
      // No WebGL, or the graphics card has been lost: the list of what is in sight is still there.
      setProblem('undrawable')
      return undefined
    }
    setMap(made)
    return () => {
      setMap(undefined)
      made.remove()
    }
  }, [districts, attribution, mapStyleUrl, magnification, words])

  const ranks = useMemo(() => rankByIndex(places, marks), [places, marks])
  const newestRanks = useEffectEvent(() => ranks)
  useEffect(() => {
    if (shown !== undefined) map?.showDevices(shown, newestRanks())
  }, [map, shown])
  useEffect(() => map?.mark(ranks, areaFeatures(marks.areas.values())), [map, ranks, marks])

  // What is open: a device, or where the open fault is.
  const { open, device } = useWatched(view)
  const fault = useWatched(faults).get(open ?? '')
  const place = places?.find(fault?.deviceId ?? device ?? '')
  const at = fault ?? place
  const longitude = at?.longitude
  const latitude = at?.latitude
  useEffect(() => {
    if (longitude === undefined || latitude === undefined) {
      map?.choose(undefined, collect([]))
      return
    }
    map?.choose([longitude, latitude], places === undefined ? collect([]) : linkFeatures(places, place))
    map?.reveal(longitude, latitude)
  }, [map, places, place, longitude, latitude])

  useEffect(() => map?.repaint(), [map, theme])
  return { element, map, problem }
}

function rankByIndex(places: Places | undefined, marks: Marks): ReadonlyMap<number, MarkRank> {
  const ranks = new Map<number, MarkRank>()
  for (const [id, { rank }] of marks.devices) {
    const place = places?.find(id)
    if (place !== undefined) ranks.set(place.index, rank)
  }
  return ranks
}
