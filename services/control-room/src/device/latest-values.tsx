// The newest values of a device, each with its unit and, where rules look at it, beside what is expected; dimmed when
// they are too old to tell how it is now.
import type { Device } from '@ronda/contracts/device'
import type { LatestReading } from '@ronda/contracts/history'
import { useAge, useText, useTimes, useWording } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { describeReading } from '../format/evidence.ts'
import type { Fetched } from '../use-fetched.ts'
import { ExpectedBar } from './expected-bar.tsx'
import { isOld } from './freshness.ts'
import { useNow } from './use-now.ts'
import '../styles/device-values.css'

type Reporting = Pick<Device, 'intervalS'>

export interface LatestValuesProps {
  device: Reporting
  latest: Fetched<LatestReading>
}

export function LatestValues({ device, latest }: LatestValuesProps) {
  const { device: words } = useText()
  return (
    <section className="detail-section" aria-label={words.latest}>
      <h3>{words.latest}</h3>
      {latest.state === 'known' && <Values device={device} latest={latest.value} />}
      {(latest.state === 'failed' || latest.state === 'missing') && <p className="hint">{words.noAnswer}</p>}
    </section>
  )
}

function Values({ device: { intervalS }, latest: { telemetry } }: { device: Reporting; latest: LatestReading }) {
  const { text, locale, preferences } = useWording()
  const now = useNow(intervalS)
  const { device: words } = text
  if (telemetry === undefined) return <p className="hint">{words.noValues}</p>
  const { time, values, expected, backlog } = telemetry
  const old = isOld({ at: time, now, intervalS })
  const format = { language: preferences.language, locale, text }
  return (
    <>
      <p className="latest-age">
        <MeasuredAt at={time} />
        {old && <span className="latest-note">{words.old(formatAge(intervalS * 1_000, text.age))}</span>}
        {backlog === true && <span className="latest-note">{words.backlog}</span>}
      </p>
      <dl className={old ? 'evidence latest values-old' : 'evidence latest'}>
        {describeReading(values, format).map(({ field, label, value }) => (
          <div key={field}>
            <dt title={field}>{label}</dt>
            <dd>
              {value}
              <ExpectedBar field={field} value={values[field]} range={expected.ranges[field]} format={format} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function MeasuredAt({ at }: { at: number }) {
  const { device: words } = useText()
  const times = useTimes()
  const age = useAge(at)
  return (
    <time dateTime={new Date(at).toISOString()} title={times.exact(at)}>
      {words.measured(age)}
    </time>
  )
}
