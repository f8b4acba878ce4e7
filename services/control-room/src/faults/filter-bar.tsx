// What the list shows: a search, and chips that say how many rows each choice would give.
import type { RefObject } from 'react'
import { useRoom, useText, useWatched, useWording } from '../context.tsx'
import { Chip } from '../frame/chip.tsx'
import { ChevronDownIcon, CloseIcon } from '../frame/icons.tsx'
import { Popover } from '../frame/popover.tsx'
import { SearchBox } from '../frame/search-box.tsx'
import { ChoiceMenu } from './choice-menu.tsx'
import { SeverityMark } from './severity-mark.tsx'
import type { FacetCounts } from './survey.ts'
import { type Standing, standings, toggleStanding } from './standing.ts'
import { groupings, isNarrowed, kinds, severities, widened } from './view.ts'

export interface FilterBarProps {
  /** undefined while nothing is known. */
  counts: FacetCounts | undefined
  search: RefObject<HTMLInputElement | null>
}

export function FilterBar({ counts, search }: FilterBarProps) {
  const { city, view } = useRoom()
  const chosen = useWatched(view)
  const text = useText()
  const { filters } = text
  return (
    <search className="filters" aria-label={filters.region}>
      <SearchBox
        input={search}
        value={chosen.search}
        label={filters.search}
        onChange={(next) => view.change({ search: next })}
      />
      <fieldset className="severities">
        <legend className="visually-hidden">{filters.severity}</legend>
        {severities.map((severity) => {
          const count = counts?.severities.get(severity) ?? 0
          const on = chosen.severities.includes(severity)
          const next = on ? chosen.severities.filter((each) => each !== severity) : [...chosen.severities, severity]
          return (
            <Chip
              key={severity}
              isOn={on}
              className={`chip-severity${count === 0 ? ' chip-none' : ''}`}
              title={text.severity[severity]}
              onClick={() => view.change({ severities: next })}
            >
              <SeverityMark severity={severity} />
              <span className="chip-word">{text.severity[severity]}</span>
              {counts !== undefined && <span className="count">{count}</span>}
            </Chip>
          )
        })}
      </fieldset>
      {standings.map((standing) => (
        <StandingChip key={standing} standing={standing} count={counts?.standings.get(standing)} />
      ))}
      <ChoiceMenu
        label={filters.district}
        choices={city.districts.map(({ slug, name }) => ({
          value: slug,
          label: name,
          count: counts?.districts.get(slug),
        }))}
        chosen={chosen.districts}
        onChange={(districts) => view.change({ districts })}
      />
      <ChoiceMenu
        label={filters.kind}
        choices={kinds.map((kind) => ({ value: kind, label: text.kind[kind], count: counts?.kinds.get(kind) }))}
        chosen={chosen.kinds}
        onChange={(next) => view.change({ kinds: next })}
      />
      <AgencyMenu />
      <GroupMenu />
      {isNarrowed(chosen) && (
        <button type="button" className="chip chip-clear" onClick={() => view.change(widened(chosen))}>
          <CloseIcon />
          {filters.clear}
        </button>
      )}
    </search>
  )
}

function StandingChip({ standing, count = 0 }: { standing: Standing; count: number | undefined }) {
  const { view } = useRoom()
  const { standings: chosen } = useWatched(view)
  const text = useText()
  const isOn = chosen.includes(standing)
  return (
    <Chip
      isOn={isOn}
      className={standing === 'overdue' && count > 0 ? 'chip-overdue' : ''}
      onClick={() => view.change({ standings: toggleStanding(chosen, standing) })}
    >
      {text.standings[standing]}
      <span className="count">{count}</span>
    </Chip>
  )
}

/** Whose faults are asked of the server at all. */
function AgencyMenu() {
  const { city, view } = useRoom()
  const { agency } = useWatched(view)
  const { text, preferences } = useWording()
  if (city.agencies.length === 0) return null
  const current = city.agencies.find(({ id }) => id === agency)
  const options = [
    { id: undefined, name: text.filters.everyAgency },
    ...city.agencies.map(({ id, name }) => ({ id, name: name[preferences.language] })),
  ]
  return (
    <Popover
      className={`chip chip-menu${current === undefined ? '' : ' chip-on'}`}
      button={
        <>
          <span className="chip-label">{current?.name[preferences.language] ?? text.filters.agency}</span>
          <ChevronDownIcon />
        </>
      }
    >
      {(close) => (
        <fieldset className="choices">
          <legend className="panel-title">{text.filters.agency}</legend>
          {options.map(({ id, name }) => (
            <label key={id ?? ''} className="choice">
              <input
                type="radio"
                name="agency"
                checked={id === agency}
                onChange={() => {
                  view.change({ agency: id })
                  close()
                }}
              />
              <span className="choice-label">{name}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  )
}

/** What the rows are put together by. */
function GroupMenu() {
  const { view } = useRoom()
  const { group } = useWatched(view)
  const { filters, grouping } = useText()
  return (
    <Popover
      className="chip chip-menu chip-group"
      align="end"
      button={
        <>
          <span className="chip-label">{filters.grouped(grouping[group])}</span>
          <ChevronDownIcon />
        </>
      }
    >
      {(close) => (
        <fieldset className="choices">
          <legend className="panel-title">{filters.group}</legend>
          {groupings.map((each) => (
            <label key={each} className="choice">
              <input
                type="radio"
                name="group"
                checked={each === group}
                onChange={() => {
                  view.change({ group: each })
                  close()
                }}
              />
              <span className="choice-label">{grouping[each]}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  )
}
