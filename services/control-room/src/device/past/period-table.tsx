// The same as the ribbon, to be read: each time in which a device was in one way, the newest first.
import type { StandingPeriod } from '@ronda/contracts/past-standing'
import { useState } from 'react'
import { useRoom, useText, useTimes, useWording } from '../../context.tsx'
import { formatAge } from '../../format/age.ts'

const fewest = 20

export function PeriodTable({ periods }: { periods: readonly StandingPeriod[] }) {
  const { view } = useRoom()
  const { past: words, standing: names, detail, age } = useText()
  const { preferences } = useWording()
  const times = useTimes()
  const [whole, setWhole] = useState(false)
  const newestFirst = periods.toReversed()
  const exact = (ms: number) => `${times.day(ms)} ${times.clock(ms)}`
  return (
    <>
      <div className="past-scroll">
        <table className="past-table">
          <thead>
            <tr>
              <th scope="col">{words.from}</th>
              <th scope="col">{words.to}</th>
              <th scope="col">{words.was}</th>
              <th scope="col" className="past-number">
                {words.lasted}
              </th>
            </tr>
          </thead>
          <tbody>
            {(whole ? newestFirst : newestFirst.slice(0, fewest)).map(({ from, to, standing, faults }) => (
              <tr key={from}>
                <td>
                  <time dateTime={new Date(from).toISOString()}>{exact(from)}</time>
                </td>
                <td>
                  <time dateTime={new Date(to).toISOString()}>{exact(to)}</time>
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
                <td className="past-number">{formatAge(to - from, age)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!whole && newestFirst.length > fewest && (
        <button type="button" className="button button-small" onClick={() => setWhole(true)}>
          {detail.all(newestFirst.length)}
        </button>
      )}
    </>
  )
}
