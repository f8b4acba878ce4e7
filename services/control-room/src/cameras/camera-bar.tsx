// Which cameras are shown: by how they are, with how many there are of each, by district, and by words.
import type { DeviceStanding } from '@ronda/contracts/city-standing'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useRef } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { Chip } from '../frame/chip.tsx'
import { ChipSelect } from '../frame/chip-select.tsx'
import { SearchBox } from '../frame/search-box.tsx'
import { useSearchKeys } from '../frame/use-search-keys.ts'
import { deviceStandings } from '../overview/standings.ts'
import { formatCameras } from './camera-query.ts'
import { type CameraFilter, type CameraTile, fits } from './camera-tiles.ts'

interface CameraBarProps {
  all: readonly CameraTile[]
  shown: number
  filter: CameraFilter
}

export function CameraBar({ all, shown, filter }: CameraBarProps) {
  const { address, city } = useRoom()
  const { cameras: words, filters, standing: names } = useText()
  const search = useRef<HTMLInputElement>(null)
  useSearchKeys(search)
  const counted = all.filter((tile) => fits(tile, filter, 'standing'))
  const countOf = (standing: DeviceStanding) => counted.filter((tile) => tile.standing === standing).length
  const change = (part: Partial<CameraFilter>) =>
    address.replace(pagePathOf({ section: 'cameras' }) + formatCameras({ ...filter, ...part }))
  return (
    <search className="filters" aria-label={filters.region}>
      <SearchBox
        input={search}
        value={filter.search}
        label={words.search}
        onChange={(next) => change({ search: next })}
      />
      <fieldset className="camera-standings">
        <legend className="visually-hidden">{words.state}</legend>
        {deviceStandings.map((standing) => {
          const isChosen = filter.standing === standing
          const count = countOf(standing)
          if (count === 0 && !isChosen) return null
          return (
            <Chip key={standing} isOn={isChosen} onClick={() => change({ standing: isChosen ? undefined : standing })}>
              {names[standing]} <span className="count">{count}</span>
            </Chip>
          )
        })}
      </fieldset>
      <ChipSelect
        label={filters.district}
        everything={words.everyDistrict}
        choices={city.districts.map(({ slug, name }) => ({ value: slug, label: name }))}
        value={filter.district}
        onChange={(district) => change({ district })}
      />
      <OnlyAgency />
      <span className="cameras-shown" role="status">
        {words.shown(shown, all.length)}
      </span>
    </search>
  )
}

/** The faults here are those of the desk's agency: what others have is not known, and that is said. */
function OnlyAgency() {
  const { view, address, city } = useRoom()
  const { agency } = useWatched(view)
  const { language } = useWording().preferences
  const { cameras: words } = useText()
  if (agency === undefined) return null
  const name = city.agencies.find(({ id }) => id === agency)?.name[language] ?? agency
  return (
    <button
      type="button"
      className="chip chip-on"
      title={words.showAll}
      onClick={() => {
        const { path, query } = address.get()
        view.change({ agency: undefined })
        address.replace(path + query)
      }}
    >
      {words.onlyAgency(name)} ×
    </button>
  )
}
