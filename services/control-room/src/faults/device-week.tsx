// What else was wrong with the device in the last seven days: a strip of days with its faults, and the latest of them by
// name. What comes again and again wants another remedy than what happens once.
import type { Fault } from '@ronda/contracts/fault'
import { useRoom, useText, useTimes, useWatched, useWording } from '../context.tsx'
import { formatAge } from '../format/age.ts'
import { daysUpTo } from '../format/days.ts'
import { useFetched } from '../use-fetched.ts'
import { Moment } from './age.tsx'
import { layOutWeek } from './week.ts'

const dayCount = 7
const mostFetched = 100
const mostNamed = 5

export function DeviceWeek({ fault }: { fault: Fault }) {
  const { clock } = useRoom()
  const { detail } = useText()
  const times = useTimes()
  const others = useFaultsOfDevice(fault)
  if (others === undefined) return null
  const now = clock.now()
  const days = daysUpTo(now, times.sinceMidnight(now), dayCount)
  const week = layOutWeek([fault, ...others], { days, now })
  const named = week.faults.filter(({ id }) => id !== fault.id)
  return (
    <section className="detail-section">
      <h3>{detail.week}</h3>
      <Strip week={week} days={days} openId={fault.id} />
      {named.length === 0 ? (
        <p className="hint">{detail.weekNothing}</p>
      ) : (
        <ul className="relatives">
          {named.slice(0, mostNamed).map((each) => (
            <PastFault key={each.id} fault={each} />
          ))}
        </ul>
      )}
      {named.length > mostNamed && <p className="hint">{detail.weekMore(named.length - mostNamed)}</p>}
    </section>
  )
}

/** Open and closed, without the fault itself; undefined until they are there. */
function useFaultsOfDevice({ id, deviceId, revision }: Fault): readonly Fault[] | undefined {
  const { api, faults } = useRoom()
  const open = useWatched(faults)
  const closed = useFetched(() => api.listClosed(deviceId, mostFetched), { key: deviceId, revision })
  if (closed.state !== 'known') return undefined
  const still = [...open.values()].filter((each) => each.deviceId === deviceId)
  const ids = new Set(still.map((each) => each.id))
  return [...still, ...closed.value.faults.filter((each) => !ids.has(each.id))].filter((each) => each.id !== id)
}

interface StripProps {
  week: ReturnType<typeof layOutWeek>
  days: readonly number[]
  openId: string
}

function Strip({ week: { bars, lanes, faults }, days, openId }: StripProps) {
  const { detail } = useText()
  const times = useTimes()
  return (
    <div className="week" role="img" aria-label={detail.weekCount(faults.length)}>
      <svg className="week-bars" viewBox={`0 0 100 ${lanes * 3}`} preserveAspectRatio="none">
        {days.slice(1, -1).map((_day, i) => {
          const x = ((i + 1) / (days.length - 1)) * 100
          return <line key={x} className="week-midnight" x1={x} x2={x} y1={0} y2={lanes * 3} />
        })}
        {bars.map(({ fault, lane, from, width }) => (
          <rect
            key={fault.id}
            className={`week-bar week-${fault.severity}${fault.id === openId ? '' : ' week-other'}`}
            x={from * 100}
            width={Math.max(0.6, width * 100)}
            y={lane * 3 + 0.4}
            height={2.2}
          />
        ))}
      </svg>
      <div className="week-days">
        {days.slice(0, -1).map((day) => (
          <span key={day}>{times.weekday(day)}</span>
        ))}
      </div>
    </div>
  )
}

function PastFault({ fault }: { fault: Fault }) {
  const { view } = useRoom()
  const { text, preferences } = useWording()
  const endedAt = fault.clearedAt ?? fault.closedAt
  return (
    <li>
      <button type="button" className="relative" onClick={() => view.change({ open: fault.id })}>
        <span className={`week-key week-${fault.severity}`} />
        <span className="relative-name">
          <span className="visually-hidden">{text.severity[fault.severity]} </span>
          {fault.message[preferences.language]}
        </span>
        <span className="relative-what">
          <Moment at={fault.raisedAt} />
        </span>
        <span className="relative-what">
          {fault.active || endedAt === undefined ? text.state.active : formatAge(endedAt - fault.raisedAt, text.age)}
        </span>
      </button>
    </li>
  )
}
