// Over which time the figures below are, and of which agency: the targets are meant for one desk.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useRoom, useText, useWording } from '../context.tsx'
import { Chip } from '../frame/chip.tsx'
import { ChipSelect } from '../frame/chip-select.tsx'
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
          <Chip
            key={range}
            isOn={query.range === range}
            title={words.rangeMeaning[range]}
            onClick={() => change({ range })}
          >
            {words.ranges[range]}
          </Chip>
        ))}
      </fieldset>
      <span className="range-meaning">{words.rangeMeaning[query.range]}</span>
      <span className="spring" />
      <ChipSelect
        label={filters.agency}
        everything={filters.everyAgency}
        choices={city.agencies.map(({ id, name }) => ({ value: id, label: name[language] }))}
        value={query.agency}
        onChange={(agency) => change({ agency })}
      />
    </div>
  )
}
