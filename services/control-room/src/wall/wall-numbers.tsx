// How many of each kind of device work: one line each, grey unless they do not.
import type { CityStanding } from '@ronda/contracts/city-standing'
import { useText, useWording } from '../context.tsx'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { deviceStandings, sumOf, totalOf } from '../overview/standings.ts'

export function WallNumbers({ standing }: { standing: CityStanding | undefined }) {
  const { kind: kinds, standing: names, wall: words } = useText()
  const { locale } = useWording()
  const number = (value: number) => value.toLocaleString(locale)
  const groups = standing?.groups ?? []
  return (
    <ul className="wall-numbers">
      {deviceKinds.map((kind) => {
        const sums = sumOf(groups.filter((group) => group.kind === kind))
        const total = totalOf(sums)
        if (total === 0) return null
        return (
          <li key={kind}>
            <span className="wall-kind">{kinds[kind]}</span>
            <span className="wall-working">{words.working(number(sums.working), number(total))}</span>
            <span className="standing-bar" aria-hidden="true">
              {deviceStandings.map((each) => (
                <span
                  key={each}
                  className={`standing-part standing-${each}`}
                  style={{ flexGrow: sums[each] }}
                  hidden={sums[each] === 0}
                />
              ))}
            </span>
            <span className="wall-not-working">
              {deviceStandings
                .filter((each) => each !== 'working' && each !== 'disabled' && sums[each] > 0)
                .map((each) => `${number(sums[each])} ${names[each].toLowerCase()}`)
                .join(' · ')}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
