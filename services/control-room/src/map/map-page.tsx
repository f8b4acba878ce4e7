// The map of the city: where what is wrong is. The same faults as in the list, by the same filters, and beside it
// what was picked.
import { useMemo, useRef } from 'react'
import { fetchDistricts } from '../api/city.ts'
import { useRoom, useText, useWatched } from '../context.tsx'
import { FaultDetail } from '../faults/fault-detail.tsx'
import { FilterBar } from '../faults/filter-bar.tsx'
import { useIsPhone } from '../frame/use-is-phone.ts'
import { nothingOpen } from '../faults/view.ts'
import { useSearchKeys } from '../frame/use-search-keys.ts'
import { useFetched } from '../use-fetched.ts'
import { DeviceCard } from './device-card.tsx'
import { placesOf } from './features.ts'
import { MapCanvas } from './map-canvas.tsx'
import { useMarks } from './use-marks.ts'
import { usePlaces } from './use-places.ts'
import '../styles/map.css'

export function MapPage() {
  const { view, list, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { counts } = useWatched(list)
  const { open, device, districts: chosenDistricts, kinds } = useWatched(view)
  const { map } = useText()
  const search = useRef<HTMLInputElement>(null)
  const isPhone = useIsPhone()
  const districts = useFetched(fetchDistricts, { key: 'districts', once: true })
  const fetchedPlaces = usePlaces()
  const places = fetchedPlaces.state === 'known' ? fetchedPlaces.value : undefined
  const marks = useMarks()
  const shown = useMemo(
    () => (places === undefined ? undefined : placesOf(places, { districts: chosenDistricts, kinds })),
    [places, chosenDistricts, kinds],
  )
  useSearchKeys(search, () => view.change(nothingOpen))
  const isOpen = open !== undefined || device !== undefined

  return (
    <div className={isOpen ? 'panes panes-two' : 'panes'}>
      <section className="map-pane" aria-label={map.label} inert={isPhone && isOpen}>
        <FilterBar counts={isLoaded ? counts : undefined} search={search} />
        <MapCanvas
          districts={districts}
          places={places}
          isLost={fetchedPlaces.state === 'failed'}
          shown={shown}
          marks={marks}
        />
      </section>
      {open !== undefined && <FaultDetail id={open} />}
      {open === undefined && device !== undefined && <DeviceCard id={device} />}
    </div>
  )
}
