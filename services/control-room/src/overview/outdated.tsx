// A word that what is shown does not move on, as long as that is so.
import { useRoom, useTimes, useWatched } from '../context.tsx'
import { ClockIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'

/** A reconnect that is over sooner needs nobody's attention. */
const lostAfterMs = 4_000

export function Outdated({ say }: { say: (since: string) => string }) {
  const { connection, clock } = useRoom()
  const times = useTimes()
  const current = useWatched(connection)
  const isLost = useSlow(current.state === 'reconnecting', lostAfterMs)
  if (!isLost || current.state !== 'reconnecting') return null
  return (
    <p className="overview-note overview-lost" role="status">
      <ClockIcon />
      {say(times.moment(current.since, clock.now()))}
    </p>
  )
}
