// The strip under the top bar, there only when it is needed: critical faults that nobody has acknowledged,
// sources that say nothing, data that is old. Whatever the filters hide, these show.
import { useEffect, useMemo, useRef, useState } from 'react'
import { useRoom, useText, useTimes, useWatched, useWording } from '../context.tsx'
import { ClockIcon, SilentIcon, UnlinkedIcon } from '../frame/icons.tsx'
import { useIsPhone } from '../frame/use-is-phone.ts'
import { useSlow } from '../frame/use-slow.ts'
import { Age } from './age.tsx'
import { useActions } from './actions/use-actions.ts'
import { Cleared } from './fault-state.tsx'
import type { Cause } from './rows.ts'
import { FaultMark, SeverityMark } from './severity-mark.tsx'
import { AlarmSound } from './sound/alarm-sound.tsx'
import { widened } from './view.ts'

/** On a telephone each is three times as high. */
const maxLines = { desk: 3, phone: 1 } as const
/** A reconnect that is over sooner needs nobody's attention; the top bar has told. */
const lostAfterMs = 4_000

export function AlertStrip() {
  const { list, connection, status, loaded, clock } = useRoom()
  const isLoaded = useWatched(loaded)
  const { pressing, critical } = useWatched(list)
  const state = useWatched(connection)
  const blind = useWatched(status)?.blind ?? []
  const isLost = useSlow(state.state === 'reconnecting', lostAfterMs)
  const ids = useMemo(() => (isLoaded ? pressing.map(({ fault }) => fault.id) : undefined), [isLoaded, pressing])
  const { alerts } = useText()
  const times = useTimes()
  const moment = (at: number) => times.moment(at, clock.now())
  return (
    <section className="alerts" aria-label={alerts.region}>
      {isLoaded && <Pressing causes={pressing} />}
      {isLoaded && critical > 0 && pressing.length === 0 && (
        <p className="alert alert-standing severity-critical">
          <SeverityMark severity="critical" tone="quiet" />
          {alerts.standing(critical)}
          <ShowCritical />
        </p>
      )}
      {isLost && state.state === 'reconnecting' && (
        <p className="alert alert-lost">
          <UnlinkedIcon />
          {alerts.lost(moment(state.since))}
        </p>
      )}
      {state.state === 'stale' && (
        <p className="alert alert-lost">
          <ClockIcon />
          {alerts.stale(moment(state.since))}
        </p>
      )}
      {blind.map(({ source, since }) => (
        <p key={source} className="alert alert-blind">
          <SilentIcon />
          {alerts.blind(source, moment(since))}
        </p>
      ))}
      <AlarmSound ids={ids} />
      <Announcement causes={pressing} />
    </section>
  )
}

function Pressing({ causes }: { causes: readonly Cause[] }) {
  const { alerts } = useText()
  // While the pointer is on them no line moves: another fault must not slip under a finger that is pressing.
  const [kept, setKept] = useState<readonly Cause[]>()
  const isPhone = useIsPhone()
  const lines = kept ?? causes.slice(0, maxLines[isPhone ? 'phone' : 'desk'])
  const newest = new Map(causes.map((cause) => [cause.fault.id, cause]))
  const more = causes.filter(({ fault }) => !lines.some((line) => line.fault.id === fault.id)).length
  if (lines.length === 0) return null
  return (
    <div className="pressing" onPointerEnter={() => setKept(lines)} onPointerLeave={() => setKept(undefined)}>
      {lines.map((cause) => {
        const { id } = cause.fault
        return <PressingLine key={id} {...(newest.get(id) ?? cause)} isOver={!newest.has(id)} />
      })}
      {more > 0 && (
        <p className="alert alert-critical alert-more severity-critical">
          <SeverityMark severity="critical" />
          {alerts.more(more)}
          <ShowCritical />
        </p>
      )}
    </div>
  )
}

/** `isOver`: acknowledged or closed in the meantime. */
function PressingLine({ fault, members, memberKind, isOver }: Cause & { isOver: boolean }) {
  const { view, cursor, performer, districtName } = useRoom()
  const pending = useWatched(performer.pending).get(fault.id)
  const { text, preferences } = useWording()
  const actions = useActions()
  const what = fault.message[preferences.language]
  return (
    <div
      className={`alert ${fault.active ? 'alert-critical severity-critical' : 'alert-cleared'}${isOver ? ' alert-over' : ''}`}
    >
      <FaultMark fault={fault} isQuiet={isOver} />
      <span className="word">{text.severity.critical}</span>
      <button
        type="button"
        className="alert-what"
        onClick={() => {
          cursor.to(fault.id)
          view.change({ open: fault.id })
        }}
      >
        <span className="what">{what}</span>
        <span className="alert-where">
          {fault.name} · {districtName(fault.district)}
          {members > 0 && ` · ${text.list.members(members, memberKind)}`}
          {!fault.active && (
            <>
              {' · '}
              <Cleared at={fault.clearedAt} />
            </>
          )}
        </span>
      </button>
      <span className="alert-age">
        <Age since={fault.raisedAt} />
      </span>
      {(isOver || pending !== undefined || actions.can('acknowledge', fault)) && (
        <button
          type="button"
          className="button button-small"
          disabled={pending !== undefined || isOver}
          aria-label={text.selection.acknowledgeWhich(what)}
          onClick={() => actions.want('acknowledge', [fault])}
        >
          {pending !== undefined
            ? text.actions[pending.request.action].pending
            : isOver
              ? text.state.over
              : text.actions.acknowledge.name}
        </button>
      )}
    </div>
  )
}

function ShowCritical() {
  const { view } = useRoom()
  const { alerts } = useText()
  return (
    <button
      type="button"
      className="button button-small"
      onClick={() => view.change({ ...widened(view.get()), severities: ['critical'] })}
    >
      {alerts.show}
    </button>
  )
}

/** Read out, once for each critical fault that comes while the page is open. */
function Announcement({ causes }: { causes: readonly Cause[] }) {
  const { loaded, districtName } = useRoom()
  const isLoaded = useWatched(loaded)
  const { text, preferences } = useWording()
  const known = useRef<Set<string>>(undefined)
  const [words, setWords] = useState('')
  useEffect(() => {
    if (!isLoaded) return
    const before = known.current
    known.current = new Set(causes.map(({ fault }) => fault.id))
    const [newest] = before === undefined ? [] : causes.filter(({ fault }) => !before.has(fault.id))
    if (newest === undefined) return
    const { message, name, district } = newest.fault
    setWords(text.alerts.announce(message[preferences.language], `${name}, ${districtName(district)}`))
  }, [causes, isLoaded, text, preferences.language, districtName])
  return (
    <p className="visually-hidden" role="alert">
      {words}
    </p>
  )
}
