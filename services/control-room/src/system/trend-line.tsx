// How many messages a second came in over the last hour: a line, because a course says more than a digit. What was
// refused is drawn under it where there is any.
import type { SystemState } from '@ronda/contracts/system'
import { useText } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { useFigures } from './figures.ts'
import { type Rates, ratesOf } from './trend.ts'

const width = 600
const height = 64

export function TrendLine({ trend }: { trend: SystemState['trend'] }) {
  const { system: words, age } = useText()
  const figures = useFigures()
  const rates = ratesOf(trend)
  const first = trend[0]
  const last = rates.at(-1)
  if (first === undefined || last === undefined || rates.length < 2)
    return <p className="hint trend-none">{words.noTrend}</p>
  const most = Math.max(...rates.map(({ cameIn, refused }) => Math.max(cameIn, refused)))
  const isRefusing = rates.some(({ refused }) => refused > 0)
  const span = formatAge(last.at - first.at, age)
  return (
    <figure className="trend">
      <figcaption>
        <span>{words.rate}</span>
        <span className="hint">{words.rateMeaning(span)}</span>
        <span className="trend-key trend-key-came-in">{words.rateCameIn}</span>
        {isRefusing && <span className="trend-key trend-key-refused">{words.rateRefused}</span>}
        <span className="spring" />
        <span className="hint">{words.rateSummary(figures.rate(last.cameIn), figures.rate(most))}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="trend-area" d={`${lineOf(rates, first.at, most, ({ cameIn }) => cameIn)}V${height}H0Z`} />
        <path className="trend-came-in" d={lineOf(rates, first.at, most, ({ cameIn }) => cameIn)} />
        {isRefusing && <path className="trend-refused" d={lineOf(rates, first.at, most, ({ refused }) => refused)} />}
      </svg>
    </figure>
  )
}

function lineOf(rates: readonly Rates[], from: number, most: number, valueOf: (rates: Rates) => number): string {
  const spanMs = (rates.at(-1)?.at ?? from) - from
  const points = rates.map((each) => {
    const x = ((each.at - from) / spanMs) * width
    const y = height - 1 - (most === 0 ? 0 : (valueOf(each) / most) * (height - 3))
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  })
  return `M0 ${points[0]?.split(' ')[1]}L${points.join('L')}`
}
