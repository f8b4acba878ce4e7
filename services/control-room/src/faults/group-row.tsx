// The head of a group: how many faults it has, how many of them nobody has, and how grave the gravest is.
import { memo } from 'react'
import { useRoom, useText, useWording } from '../context.tsx'
import { ChevronDownIcon, ChevronRightIcon } from '../frame/icons.tsx'
import type { GroupRow as Group } from './rows.ts'
import { rowId } from './fault-row.tsx'
import { SeverityMark } from './severity-mark.tsx'

export interface GroupRowProps {
  row: Group
  /** From 0. */
  index: number
  topPx: number
  isCursor: boolean
}

export const GroupRow = memo(function GroupRow({ row, index, topPx, isCursor }: GroupRowProps) {
  const { list, cursor } = useRoom()
  const { list: words, severity } = useText()
  const { id, count, unacknowledged, overdue, unfolded, worst, isOver } = row
  const name = useGroupName(row)
  return (
    <div
      role="row"
      id={rowId(id)}
      className={`row row-group${isCursor ? ' row-cursor' : ''}`}
      style={{ transform: `translateY(${topPx}px)` }}
      aria-rowindex={index + 2}
      aria-level={1}
      aria-expanded={unfolded}
      onClick={() => {
        cursor.to(id)
        list.toggle(id, !unfolded)
      }}
    >
      <div role="gridcell" className="group-cell">
        {unfolded ? <ChevronDownIcon /> : <ChevronRightIcon />}
        <span className={`severity-${worst}`} title={severity[worst]}>
          <SeverityMark severity={worst} tone={isOver ? 'over' : unacknowledged === 0 ? 'quiet' : 'loud'} />
        </span>
        <span className="group-name">{name}</span>
        <span className="group-count">{words.summary(count, unacknowledged)}</span>
        {overdue > 0 && <span className="overdue">{words.overdue(overdue)}</span>}
      </div>
    </div>
  )
})

function useGroupName({ group, key }: Group): string {
  const { city, districtName } = useRoom()
  const { text, preferences } = useWording()
  if (group === 'district') return districtName(key)
  const agency = city.agencies.find(({ id }) => id === key)
  return agency?.name[preferences.language] ?? (key === '' ? text.list.noAgency : key)
}
