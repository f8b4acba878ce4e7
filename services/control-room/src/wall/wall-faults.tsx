// The gravest active faults, as many as there is room for: the list of a desk without what only hands can do with it.
import type { Fault } from '@ronda/contracts/fault'
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useRoom, useText, useWording } from '../context.tsx'
import { Age } from '../faults/age.tsx'
import { compareBy } from '../faults/order.ts'
import { FaultMark, SeverityMark } from '../faults/severity-mark.tsx'
import { type Scene, survey } from '../faults/survey.ts'
import { severities } from '../faults/view.ts'
import { DrumIcon } from '../frame/icons.tsx'

/** As wall.css has it. */
const rowEm = 3.6

export function WallFaults({ scene }: { scene: Scene }) {
  const { wall: words } = useText()
  const rows = useMemo(() => survey(scene).shown.toSorted(compareBy('severity')), [scene])
  const list = useRef<HTMLUListElement>(null)
  const room = useRoomFor(list)
  return (
    <>
      <SeverityCounts rows={rows} />
      <ul ref={list} className="wall-list" aria-label={words.active}>
        {rows.slice(0, room).map((fault) => (
          <WallRow key={fault.id} fault={fault} />
        ))}
      </ul>
      {rows.length > room && <p className="wall-more">{words.more(rows.length - room)}</p>}
      {rows.length === 0 && (
        <div className="wall-calm">
          <DrumIcon />
          <p className="wall-calm-title">{words.calm}</p>
          <p>{words.calmMeaning}</p>
        </div>
      )}
    </>
  )
}

function SeverityCounts({ rows }: { rows: readonly Fault[] }) {
  const { severity: names, wall: words } = useText()
  return (
    <ul className="wall-counts">
      {severities.map((severity) => {
        const ofSeverity = rows.filter((fault) => fault.severity === severity)
        const waiting = ofSeverity.filter(({ acknowledged }) => !acknowledged).length
        const overdue = ofSeverity.filter((fault) => fault.overdue).length
        const isNone = ofSeverity.length === 0
        return (
          <li key={severity} className={isNone ? 'wall-none' : `severity-${severity}`}>
            <span className="wall-count">{ofSeverity.length}</span>
            <span className="wall-count-name">
              <SeverityMark severity={severity} tone={waiting === 0 ? 'quiet' : 'loud'} />
              <span className="word">{names[severity]}</span>
            </span>
            <span className="wall-count-note">{waiting > 0 && words.unacknowledged(waiting)}</span>
            {overdue > 0 && <span className="overdue">{words.overdue(overdue)}</span>}
          </li>
        )
      })}
    </ul>
  )
}

function WallRow({ fault }: { fault: Fault }) {
  const { districtName } = useRoom()
  const { text, preferences } = useWording()
  const { severity, message, name, district, acknowledged, overdue, children, raisedAt } = fault
  const holder = fault.assignee ?? fault.acknowledgedBy
  return (
    <li className={`wall-row severity-${severity}${acknowledged ? ' wall-taken' : ''}`}>
      <FaultMark fault={fault} />
      <span className="wall-what">
        <span className="visually-hidden">{text.severity[severity]}: </span>
        {message[preferences.language]}
      </span>
      <span className="wall-age">
        {overdue && <span className="overdue">{text.state.overdue}</span>} <Age since={raisedAt} />
      </span>
      <span className="wall-where">
        {name} · {districtName(district)}
        {children > 0 && ` · ${text.list.members(children, undefined)}`}
      </span>
      <span className="wall-holder">{holder !== undefined && text.wall.acknowledgedBy(holder)}</span>
    </li>
  )
}

/** How many rows the list has room for. */
function useRoomFor(list: RefObject<HTMLElement | null>): number {
  const [room, setRoom] = useState(0)
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const measure = () => {
      const emPx = Number.parseFloat(getComputedStyle(element).fontSize)
      setRoom(Math.max(1, Math.floor(element.clientHeight / (rowEm * emPx))))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [list])
  return room
}
