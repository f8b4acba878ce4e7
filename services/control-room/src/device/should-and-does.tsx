// What a device should be doing beside what it does: a lamp's commanded and actual light, its power and what is
// expected of it, and by which sun; a camera's frames.
import type { Device } from '@ronda/contracts/device'
import type { LatestReading } from '@ronda/contracts/history'
import { useText, useWording } from '../context.tsx'
import { fieldLabel, formatField } from '../format/evidence.ts'
import { MoonIcon, SunIcon } from '../frame/icons.tsx'
import { isOld } from './freshness.ts'
import { useNow } from './use-now.ts'

type Telemetry = NonNullable<LatestReading['telemetry']>

interface Pair {
  readonly field: string
  readonly should: number
  readonly does: number
  /** Of the scale on which both are drawn. */
  readonly most: number
}

export function ShouldAndDoes({ device, latest: { telemetry } }: { device: Device; latest: LatestReading }) {
  const { device: words } = useText()
  const now = useNow(device.intervalS)
  if (telemetry === undefined) return null
  const pairs = pairsOf(device, telemetry)
  const { sun } = telemetry.expected
  if (pairs.length === 0) return null
  const old = isOld({ at: telemetry.time, now, intervalS: device.intervalS })
  return (
    <section className={`device-card should${old ? ' values-old' : ''}`} aria-label={words.should}>
      <h3>{words.should}</h3>
      {device.kind === 'streetlight' && (
        <p className="should-sun">
          {sun === 'day' ? <SunIcon /> : <MoonIcon />}
          {words.sun[sun]}
        </p>
      )}
      {pairs.map((pair) => (
        <ShouldBar key={pair.field} {...pair} />
      ))}
    </section>
  )
}

function ShouldBar({ field, should, does, most }: Pair) {
  const { text, locale, preferences } = useWording()
  const words = { text, locale, language: preferences.language }
  const percent = (value: number) => `${Math.min(100, Math.max(0, (value / most) * 100))}%`
  return (
    <div className="should-row">
      <span className="should-name">{fieldLabel(field, words)}</span>
      <span className="should-bar" aria-hidden="true">
        <span className="should-does" style={{ width: percent(does) }} />
        <span className="should-aim" style={{ left: percent(should) }} />
      </span>
      <span className="should-words">
        {text.device.doesOf(formatField(field, does, words), formatField(field, should, words))}
      </span>
    </div>
  )
}

function pairsOf({ nominalPowerW }: Device, { values, expected }: Telemetry): Pair[] {
  const pairs: Pair[] = []
  const add = (field: string, should: unknown, most?: number) => {
    const does = values[field]
    if (typeof does !== 'number' || typeof should !== 'number') return
    pairs.push({ field, should, does, most: Math.max(most ?? 0, should, does, 1) })
  }
  add('dimPct', values['commandPct'], 100)
  add('powerW', expected.powerW, (nominalPowerW ?? 0) * 1.25)
  add('fps', values['expectedFps'])
  add('radiosUp', values['radiosEnabled'])
  return pairs
}
