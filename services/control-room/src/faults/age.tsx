import { useAge, useRoom, useTimes } from '../context.tsx'

/** How long ago, ticking; the exact time, in the city's zone, on hover. */
export function Age({ since }: { since: number }) {
  const times = useTimes()
  const age = useAge(since)
  return (
    <time dateTime={new Date(since).toISOString()} title={times.exact(since)}>
      {age}
    </time>
  )
}

/** A point in time, short; all of it on hover. */
export function Moment({ at }: { at: number }) {
  const times = useTimes()
  const { clock } = useRoom()
  return (
    <time dateTime={new Date(at).toISOString()} title={times.exact(at)}>
      {times.moment(at, clock.now())}
    </time>
  )
}
