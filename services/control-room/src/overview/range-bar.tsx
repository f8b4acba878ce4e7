// Over which time the figures below are, and of which agency: the targets are meant for one desk.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useRoom, useText, useWording } from '../context.tsx'
import { type OverviewQuery, formatOverview, rangeNames } from './ranges.ts'

export function RangeBar({ query }: { query: OverviewQuery }) {
  const { address, city } = useRoom()
  const { language } = useWording().preferences
  const { overview: words, filters } = useText()
  const change = (part: Partial<OverviewQuery>) =>
    address.replace(pagePathOf({ section: 'overview' }) + formatOverview({ ...query, ...part }))
  return (
    <div className="overview-range">
      <fieldset className="range-choice">
        <legend className="visually-hidden">{words.range}</legend>
        {rangeNames.map((range) => (
          <button
            key={range}
            type="button"
            className={`chip${query.range === range ? ' chip-on' : ''}`}
            aria-pressed={query.range === range}
            title={words.rangeMeaning[range]}
            onClick={() => change({ range })}
          >
            {words.ranges[range]}
          </button>
        ))}
      </fieldset>
      <span className="range-meaning">{words.rangeMeaning[query.range]}</span>
      <span className="spring" />
      <select
        className={`chip chip-select${query.agency === undefined ? '' : ' chip-on'}`}
        aria-label={filters.agency}
        value={query.agency ?? ''}
        onChange={({ target }) => change({ agency: target.value === '' ? undefined : target.value })}
      >
        <option value="">{filters.everyAgency}</option>
        {city.agencies.map(({ id, name }) => (
          <option key={id} value={id}>
            {name[language]}
          </option>
        ))}
      </select>
    </div>
  )
}
