// Where most came from: devices, districts and kinds of fault, the worst first.
import type { AlarmMetrics } from '@ronda/contracts/alarm-metrics'
import type { CityStanding } from '@ronda/contracts/city-standing'
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { ReactNode } from 'react'
import { fetchDevice } from '../api/devices.ts'
import { useRoom, useText, useWording } from '../context.tsx'
import { formatView, wholeView } from '../faults/view.ts'
import { Link } from '../frame/link.tsx'
import { useFetched } from '../use-fetched.ts'
import { shareNotWorking, sumOf } from './standings.ts'

interface WorstProps {
  metrics: AlarmMetrics
  standing: CityStanding | undefined
}

export function Worst({ metrics, standing }: WorstProps) {
  const { overview: words } = useText()
  const { topDevices, topRules } = metrics
  const [worstDevice] = topDevices.devices
  const [firstRule] = topRules.rules
  return (
    <div className="overview-worst" id="overview-worst">
      <Card id="overview-devices-worst" title={words.worstDevices} isEmpty={topDevices.devices.length === 0}>
        <ol className="ranking">
          {topDevices.devices.map(({ deviceId, announced }) => (
            <WorstDevice key={deviceId} id={deviceId} announced={announced} most={worstDevice?.announced ?? 1} />
          ))}
        </ol>
      </Card>
      <Card id="overview-places-worst" title={words.worstPlaces} isEmpty={metrics.districts.length === 0}>
        <WorstPlaces districts={metrics.districts} standing={standing} />
      </Card>
      <Card id="overview-rules" title={words.rules} isEmpty={topRules.rules.length === 0}>
        <ol className="ranking">
          {topRules.rules.map(({ code, announced }) => (
            <Ranked
              key={code}
              href={`/${formatView({ ...wholeView, search: code })}`}
              announced={announced}
              most={firstRule?.announced ?? 1}
            >
              <code>{code}</code>
            </Ranked>
          ))}
        </ol>
      </Card>
    </div>
  )
}

interface CardProps {
  id: string
  title: string
  isEmpty: boolean
  children: ReactNode
}

function Card({ id, title, isEmpty, children }: CardProps) {
  const { overview: words } = useText()
  return (
    <section className="card" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {isEmpty ? <p className="card-empty">{words.nothing}</p> : children}
    </section>
  )
}

interface RankedProps {
  href: string
  announced: number
  most: number
  children: ReactNode
}

function Ranked({ href, announced, most, children }: RankedProps) {
  const { locale } = useWording()
  return (
    <li>
      <Link href={href}>
        <span className="ranking-name">{children}</span>
        <span className="ranking-count">{announced.toLocaleString(locale)}</span>
        <span className="ranking-bar" aria-hidden="true">
          <span style={{ width: `${(announced / most) * 100}%` }} />
        </span>
      </Link>
    </li>
  )
}

/** Its name is the registry's; sites and districts have none there. */
function WorstDevice({ id, announced, most }: { id: string; announced: number; most: number }) {
  const { districtName } = useRoom()
  const fetched = useFetched(() => fetchDevice(id), { key: id, once: true })
  const device = fetched.state === 'known' ? fetched.value : undefined
  const isPlace = fetched.state === 'missing'
  return (
    <Ranked
      href={isPlace ? `/${formatView({ ...wholeView, search: id })}` : pagePathOf({ section: 'devices', id })}
      announced={announced}
      most={most}
    >
      {device?.name ?? districtName(id)}
      {device !== undefined && <span className="ranking-where">{districtName(device.district)}</span>}
    </Ranked>
  )
}

interface WorstPlacesProps {
  districts: AlarmMetrics['districts']
  standing: CityStanding | undefined
}

function WorstPlaces({ districts, standing }: WorstPlacesProps) {
  const { districtName } = useRoom()
  const { locale } = useWording()
  const { overview: words, standings } = useText()
  const rows = districts.toSorted((a, b) => b.standing - a.standing || b.announced - a.announced)
  const percent = (share: number) => share.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <table className="place-table">
      <thead>
        <tr>
          <th scope="col">{words.place}</th>
          <th scope="col" className="number">
            {words.faultsOf}
          </th>
          <th scope="col" className="number">
            {words.standingNow}
          </th>
          <th scope="col" className="number">
            {standings.overdue}
          </th>
          <th scope="col" className="number">
            {words.notWorking}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ district, announced, standing: now, overdue }) => {
          const view = { ...wholeView, districts: [district] }
          const groups = standing?.groups.filter((group) => group.district === district) ?? []
          return (
            <tr key={district}>
              <th scope="row">
                <Link href={`/map${formatView(view)}`}>{districtName(district)}</Link>
              </th>
              <td className="number">{announced.toLocaleString(locale)}</td>
              <td className="number">
                <Link href={`/${formatView({ ...view, standings: ['active'] })}`}>{now.toLocaleString(locale)}</Link>
              </td>
              <td className="number">
                {overdue === 0 ? (
                  0
                ) : (
                  <Link className="number-late" href={`/${formatView({ ...view, standings: ['overdue'] })}`}>
                    {overdue.toLocaleString(locale)}
                  </Link>
                )}
              </td>
              <td className="number">{groups.length === 0 ? '–' : percent(shareNotWorking(sumOf(groups)))}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
