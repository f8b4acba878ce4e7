// The devices of each kind by how they are: a bar that is grey as long as they work, and the numbers.
import type { CityStanding, DeviceStanding } from '@ronda/contracts/city-standing'
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { DeviceKind } from '@ronda/contracts/topics'
import { useText, useWording } from '../context.tsx'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { formatListQuery } from '../devices/list-query.ts'
import { formatView, wholeView } from '../faults/view.ts'
import { Link } from '../frame/link.tsx'
import { deviceStandings, sumOf, totalOf } from './standings.ts'

export function DeviceStandings({ standing: { groups } }: { standing: CityStanding }) {
  const { overview: words, standing: names, kind: kindNames } = useText()
  const number = useNumber()
  const present = deviceKinds.filter((kind) => groups.some((group) => group.kind === kind))
  return (
    <section className="card" aria-labelledby="overview-devices">
      <h3 id="overview-devices">{words.devices}</h3>
      {present.length === 0 ? (
        <p className="card-empty">{words.noDevices}</p>
      ) : (
        <div className="table-scroll">
          <table className="standing-table">
            <thead>
              <tr>
                <th scope="col">{words.device}</th>
                <th scope="col" className="standing-bar-head">
                  <span className="visually-hidden">{words.share}</span>
                </th>
                {deviceStandings.map((each) => (
                  <th key={each} scope="col" className="number">
                    {names[each]}
                  </th>
                ))}
                <th scope="col" className="number">
                  {words.all}
                </th>
              </tr>
            </thead>
            <tbody>
              {present.map((kind) => {
                const sums = sumOf(groups.filter((group) => group.kind === kind))
                const total = totalOf(sums)
                return (
                  <tr key={kind}>
                    <th scope="row">{kindNames[kind]}</th>
                    <td className="standing-bar-cell">
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
                    </td>
                    {deviceStandings.map((each) => (
                      <td key={each} className={`number${sums[each] === 0 ? ' number-none' : ` number-${each}`}`}>
                        {sums[each] === 0 ? (
                          0
                        ) : (
                          <Link
                            href={pathOf(kind, each)}
                            aria-label={words.standingOf(number(sums[each]), names[each], kindNames[kind])}
                          >
                            {number(sums[each])}
                          </Link>
                        )}
                      </td>
                    ))}
                    <td className="number">
                      <Link
                        href={pathOf(kind, 'working')}
                        aria-label={words.standingOf(number(total), words.all, kindNames[kind])}
                      >
                        {number(total)}
                      </Link>
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

/** Where those are: what is wrong with them in the list of faults, cameras on their own page, the others by kind. */
function pathOf(kind: DeviceKind, standing: DeviceStanding): string {
  if (standing === 'faulty') return `/${formatView({ ...wholeView, kinds: [kind], standings: ['active'] })}`
  if (standing === 'silent') {
    // Consequences as well, for most of what is silent is silent together.
    return `/${formatView({ ...wholeView, kinds: [kind], search: 'comm_loss', group: 'none' })}`
  }
  if (kind === 'camera') return `${pagePathOf({ section: 'cameras' })}?state=${standing}`
  return pagePathOf({ section: 'devices' }) + formatListQuery({ search: '', kind, district: undefined })
}

function useNumber(): (value: number) => string {
  const { locale } = useWording()
  return (value) => value.toLocaleString(locale)
}
