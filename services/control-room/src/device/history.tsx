// What a device said over time, as charts that share their time and their cursor.
import type { Device } from '@ronda/contracts/device'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { fetchHistory } from '../api/devices.ts'
import { useMemo } from 'react'
import { useRoom, useText, useWatched } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { useSlow } from '../frame/use-slow.ts'
import { useFetched } from '../use-fetched.ts'
import { Chart } from './chart.tsx'
import { chartsOf } from './charts.ts'
import { bucketMsOf, formatRange, parseRange, rangeNames, ranges } from './ranges.ts'
import { toSeries } from './series.ts'
import 'uplot/dist/uPlot.min.css'

/** Real ms between two looks for what is new. */
const leastEveryMs = 5_000
const mostEveryMs = 60_000

export function History({ device }: { device: Device }) {
  const { address, clock, city } = useRoom()
  const { query } = useWatched(address)
  const { device: words, age } = useText()
  const range = parseRange(query)
  const { id, intervalS, kind } = device
  const bucketMs = bucketMsOf(range, intervalS)
  const charts = chartsOf(kind)
  const fields = useMemo(() => charts.flat(), [charts])
  const everyMs = Math.min(mostEveryMs, Math.max(leastEveryMs, (bucketMs ?? intervalS * 1_000) / 2 / city.timeScale))

  const fetched = useFetched(
    async () => {
      const to = Math.round(clock.now())
      const from = to - ranges[range]
      const reply = await fetchHistory(id, { fields, from, to, everyMs: bucketMs })
      return reply.kind === 'answer' ? { ...reply, body: { ...reply.body, from, to } } : reply
    },
    { key: `${id} ${range}`, everyMs },
  )
  const isSlow = useSlow(fetched.state === 'loading')
  const known = fetched.state === 'known' ? fetched.value : undefined
  const gapMs = Math.max(2 * intervalS * 1_000, 1.5 * (bucketMs ?? 0))
  const series = useMemo(
    () => (known === undefined ? undefined : toSeries(known.rows, { fields, gapMs })),
    [known, fields, gapMs],
  )
  const told = charts.filter((each) => each.some((field) => series?.values.get(field)?.some((value) => value !== null)))

  return (
    <section className="device-card history" aria-label={words.history}>
      <header className="history-head">
        <h3>{words.history}</h3>
        <span className="hint">
          {bucketMs === undefined ? words.asReported : words.means(formatAge(bucketMs, age))}
        </span>
        <fieldset className="segments">
          <legend className="visually-hidden">{words.range}</legend>
          {rangeNames.map((name) => (
            <button
              key={name}
              type="button"
              className="segment"
              aria-pressed={name === range}
              onClick={() => address.replace(pagePathOf({ section: 'devices', id }) + formatRange(name))}
            >
              {words.ranges[name]}
            </button>
          ))}
        </fieldset>
      </header>
      {known !== undefined && series !== undefined && (
        <div className="charts">
          {told.map((each) => (
            <Chart key={each.join(' ')} fields={each} series={series} from={known.from} to={known.to} cursor={id} />
          ))}
        </div>
      )}
      {known !== undefined && told.length === 0 && <p className="history-empty">{words.noHistory}</p>}
      {fetched.state === 'failed' && (
        <p className="history-empty" role="status">
          {words.historyFailed}
        </p>
      )}
      {isSlow && (
        <p className="history-empty" role="status">
          {words.loadingHistory}
        </p>
      )}
    </section>
  )
}
