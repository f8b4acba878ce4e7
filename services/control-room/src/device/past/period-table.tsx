// The same as the ribbon, to be read: each time in which a device was in one way.
import type { StandingPeriod } from '@ronda/contracts/past-standing'
import { useRoom, useText, useTimes, useWording } from '../../context.tsx'
import { formatAge } from '../../format/age.ts'
import { PastTable } from './past-table.tsx'

const fewest = 20

export function PeriodTable({ periods }: { periods: readonly StandingPeriod[] }) {
  const { past: words } = useText()
  return (
    <PastTable
      columns={[words.from, words.to, words.was, words.lasted]}
      fewest={fewest}
      rows={periods.toReversed().map((period) => <PeriodRow key={period.from} {...period} />)}
    />
  )
}

function PeriodRow({ from, to, standing, faults }: StandingPeriod) {
  const { view } = useRoom()
  const { standing: names, age } = useText()
  const { preferences } = useWording()
  return (
    <tr>
      <td>
        <Exact at={from} />
      </td>
      <td>
        <Exact at={to} />
      </td>
      <td>
        <span className={`past-key past-${standing}`} aria-hidden="true" />
        {names[standing]}
        {faults.map(({ id, message }) => (
          <button key={id} type="button" className="past-fault" onClick={() => view.change({ open: id })}>
            {message[preferences.language]}
          </button>
        ))}
      </td>
      <td>{formatAge(to - from, age)}</td>
    </tr>
  )
}

function Exact({ at }: { at: number }) {
  const times = useTimes()
  return <time dateTime={new Date(at).toISOString()}>{times.dayAndClock(at)}</time>
}
