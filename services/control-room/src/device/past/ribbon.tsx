// The ribbon itself: days from left to right, and what stands under the pointer or the keyboard's cursor in words. What
// is graver stands higher, so that it is told apart without its colour.
import type { StandingPeriod } from '@ronda/contracts/past-standing'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useRoom, useText, useTimes, useWording } from '../../context.tsx'
import { formatAge } from '../../format/age.ts'
import { daysUpTo } from '../../format/days.ts'
import { byRank, periodAt } from './ribbon.ts'

/** px to either side of the pointer in which something short can be hit. */
const reachPx = 4
/** A day in so many has its name. */
const namedEvery = 5

interface RibbonProps {
  periods: readonly StandingPeriod[]
  dayCount: number
}

export function Ribbon({ periods, dayCount }: RibbonProps) {
  const { clock } = useRoom()
  const { past: words } = useText()
  const times = useTimes()
  const say = useSaying()
  const [chosen, setChosen] = useState<number>()
  const now = clock.now()
  const days = daysUpTo(now, times.sinceMidnight(now), dayCount)
  const start = days.at(0) ?? now
  const end = days.at(-1) ?? now
  const shareOf = (at: number) => `${((Math.min(Math.max(at, start), end) - start) / (end - start)) * 100}%`
  const last = periods.length - 1
  // What was chosen may have become part of another period since.
  const index = chosen === undefined ? undefined : Math.min(chosen, last)
  const period = index === undefined ? undefined : periods[index]
  const newest = periods[last]

  function point({ clientX, currentTarget }: PointerEvent) {
    const { left, width } = currentTarget.getBoundingClientRect()
    const msPerPx = (end - start) / width
    const found = periodAt(periods, start + (clientX - left) * msPerPx, reachPx * msPerPx)
    setChosen(found === -1 ? undefined : found)
  }

  function move(event: KeyboardEvent) {
    const at = index ?? last
    const next = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[
      event.key
    ]
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    setChosen(Math.min(Math.max(next, 0), last))
  }

  return (
    <div className="ribbon">
      <div
        className="ribbon-strip"
        role="slider"
        tabIndex={0}
        aria-label={words.ribbon}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={Math.max(index ?? last, 0)}
        aria-valuetext={say(period ?? newest)}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={({ pointerType }) => {
          // A finger that is lifted has pointed at it.
          if (pointerType === 'mouse') setChosen(undefined)
        }}
        onFocus={() => setChosen((before) => before ?? last)}
        onBlur={() => setChosen(undefined)}
        onKeyDown={move}
      >
        {days.slice(1, -1).map((day) => (
          <span key={day} className="ribbon-midnight" style={{ insetInlineStart: shareOf(day) }} />
        ))}
        {periods.toSorted(byRank).map(({ from, to, standing }) => (
          <span
            key={from}
            className={`ribbon-period past-${standing}`}
            style={{ insetInlineStart: shareOf(from), width: `calc(${shareOf(to)} - ${shareOf(from)})` }}
          />
        ))}
        {period !== undefined && (
          <span
            className="ribbon-chosen"
            style={{
              insetInlineStart: shareOf(period.from),
              width: `calc(${shareOf(period.to)} - ${shareOf(period.from)})`,
            }}
          />
        )}
      </div>
      <div className="ribbon-days" aria-hidden="true">
        {days.slice(0, -1).map((day, i) =>
          (dayCount - 1 - i) % namedEvery === 0 ? (
            <span
              key={day}
              {...(i === dayCount - 1 ? { className: 'ribbon-today' } : { style: { insetInlineStart: shareOf(day) } })}
            >
              {times.date(day)}
            </span>
          ) : null,
        )}
      </div>
      <p className="ribbon-words" aria-hidden="true">
        {period === undefined ? words.how : say(period)}
      </p>
    </div>
  )
}

/** A period in words: how the device was, exactly from when to when, how long, and by which faults. */
function useSaying(): (period: StandingPeriod | undefined) => string {
  const { past: words, standing: names, age } = useText()
  const { preferences } = useWording()
  const times = useTimes()
  return (period) => {
    if (period === undefined) return words.nothing
    const { from, to, standing, faults } = period
    const what = faults.map(({ message }) => message[preferences.language]).join('; ')
    const said = `${names[standing]} ${words.during(times.dayAndClock(from), times.dayAndClock(to), formatAge(to - from, age))}`
    return what === '' ? said : `${said}: ${what}`
  }
}
