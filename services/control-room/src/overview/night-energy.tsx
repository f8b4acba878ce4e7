// What the street lights used last night beside the same night a week before, of the lights that are known in both, and
// of how many that is.
import type { NightEnergy as Energy } from '@ronda/contracts/night-energy'
import { useRoom, useText, useTimes, useWording } from '../context.tsx'
import '../styles/night-energy.css'

export function NightEnergy({ energy }: { energy: Energy }) {
  const { clock } = useRoom()
  const { overview: words } = useText()
  const { locale } = useWording()
  const times = useTimes()
  const { lights, lastNight, weekBefore, both } = energy
  if (lights === 0) return null
  const number = (value: number) => value.toLocaleString(locale)
  const kWh = (value: number) => `${value.toLocaleString(locale, { maximumFractionDigits: value < 100 ? 1 : 0 })} kWh`
  const span = ({ from, to }: { from: number; to: number }) =>
    words.nightSpan(times.moment(from, clock.now()), times.moment(to, clock.now()))
  const most = Math.max(both.lastNightKWh, both.weekBeforeKWh)
  return (
    <section className="card" aria-labelledby="overview-energy">
      <header className="card-head">
        <h3 id="overview-energy">{words.energy}</h3>
        {lastNight !== null && <p>{span(lastNight)}</p>}
      </header>
      {lastNight === null && <p className="card-empty">{words.noNight}</p>}
      {lastNight !== null && lastNight.lights === 0 && <p className="card-empty">{words.energyUnknown}</p>}
      {lastNight !== null && lastNight.lights > 0 && (
        <p className="energy-all">
          <strong>{kWh(lastNight.kWh)}</strong> {words.energyOf(number(lastNight.lights), number(lights))}
        </p>
      )}
      {weekBefore !== null && both.lights > 0 && (
        <>
          <dl className="energy-nights">
            {[
              { name: words.lastNight, used: both.lastNightKWh },
              { name: words.weekBefore, used: both.weekBeforeKWh },
            ].map(({ name, used }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <span className="energy-bar" aria-hidden="true">
                    <span style={{ width: `${most === 0 ? 0 : (used / most) * 100}%` }} />
                  </span>
                  {kWh(used)}
                </dd>
              </div>
            ))}
          </dl>
          <p className="energy-note">
            {both.weekBeforeKWh > 0 && (
              <strong>{formatChange(both.lastNightKWh / both.weekBeforeKWh - 1, locale)} </strong>
            )}
            {words.compared(number(both.lights), span(weekBefore))}
          </p>
        </>
      )}
      {lastNight !== null && lastNight.lights > 0 && both.lights === 0 && (
        <p className="energy-note">{words.notCompared}</p>
      )}
    </section>
  )
}

function formatChange(share: number, locale: string): string {
  return share.toLocaleString(locale, {
    style: 'percent',
    signDisplay: 'exceptZero',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
}
