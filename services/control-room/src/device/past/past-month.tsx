// How a device was in the last thirty days: a ribbon, what of it is pointed at in words, and all of it as a table.
import type { Device } from '@ronda/contracts/device'
import { useState } from 'react'
import { fetchPastStandings } from '../../api/devices.ts'
import { useRoom, useText, useTimes, useWatched, useWording } from '../../context.tsx'
import { formatAge } from '../../format/age.ts'
import { daysUpTo } from '../../format/days.ts'
import { useFetched } from '../../use-fetched.ts'
import { PeriodTable } from './period-table.tsx'
import { Ribbon } from './ribbon.tsx'
import { sharesOf } from './ribbon.ts'
import '../../styles/device-past.css'

const dayCount = 30
/** Real ms: what is open is known at once, and the rest changes slowly. */
const everyMs = 5 * 60_000

export function PastMonth({ device: { id, supply, kind } }: { device: Device }) {
  const { clock, faults, loaded } = useRoom()
  const { past: words, standing: names, age } = useText()
  const { locale } = useWording()
  const times = useTimes()
  const [isTable, setIsTable] = useState(false)
  // What is open is told at once, and makes the past another one.
  const open = useWatched(faults)
  const revisions = [...open.values()].filter(({ deviceId }) => deviceId === id).map((fault) => fault.revision)
  const isLoaded = useWatched(loaded)
  const fetched = useFetched(
    () => {
      const now = clock.now()
      const days = daysUpTo(now, times.sinceMidnight(now), dayCount)
      return fetchPastStandings(id, days[0] ?? now)
    },
    { key: id, everyMs, revision: `${isLoaded} ${revisions.join()}` },
  )
  if (fetched.state === 'loading' || fetched.state === 'missing') return null
  const periods = fetched.state === 'known' ? fetched.value.periods : []
  const percent = (share: number) =>
    share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: 1 })
  return (
    <section className="device-card past" aria-labelledby="device-month">
      <header className="past-head">
        <h3 id="device-month">{words.label}</h3>
        <ul className="past-shares">
          {sharesOf(periods).map(({ standing, ms, share }) => (
            <li key={standing}>
              <span className={`past-key past-${standing}`} aria-hidden="true" />
              {names[standing]} <strong>{percent(share)}</strong>
              <span className="hint">{formatAge(ms, age)}</span>
            </li>
          ))}
        </ul>
      </header>
      {fetched.state === 'failed' ? (
        <p className="hint" role="status">
          {words.failed}
        </p>
      ) : (
        <>
          <Ribbon periods={periods} dayCount={dayCount} />
          <p className="hint">
            {words.resolution(formatAge(fetched.value.resolutionMs, age))}
            {kind === 'streetlight' && supply === 'switched' && ` ${words.switched}`}
          </p>
          <button
            type="button"
            className="button button-small"
            aria-expanded={isTable}
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? words.hideTable : words.showTable(periods.length)}
          </button>
          {isTable && <PeriodTable periods={periods} />}
        </>
      )}
    </section>
  )
}
