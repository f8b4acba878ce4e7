// How far the page can be trusted right now: always visible, never in the way.
import type { ReactNode } from 'react'
import { useRoom, useText, useTimes, useWatched } from '../context.tsx'
import type { Connection } from '../live/live-client.ts'
import type { Text } from '../text/en.ts'
import { CatchingUpIcon, ClockIcon, LiveIcon, UnlinkedIcon } from './icons.tsx'

const icons: Record<Connection['state'], ReactNode> = {
  connecting: <CatchingUpIcon />,
  'catching-up': <CatchingUpIcon />,
  live: <LiveIcon />,
  stale: <ClockIcon />,
  reconnecting: <UnlinkedIcon />,
  denied: <UnlinkedIcon />,
}

export function ConnectionBadge() {
  const { connection, clock } = useRoom()
  const current = useWatched(connection)
  const words = useText().connection
  const times = useTimes()
  const [label, meaning] = describe(current, words, (at) => times.moment(at, clock.now()))
  return (
    <span className={`connection connection-${current.state}`} role="status" title={meaning}>
      {icons[current.state]}
      <span className="connection-words">{label}</span>
    </span>
  )
}

type Described = readonly [label: string, meaning?: string]

function describe(current: Connection, words: Text['connection'], moment: (at: number) => string): Described {
  if (current.state === 'live') return [words.live, words.liveMeaning]
  if (current.state === 'catching-up') return [words.catchingUp, words.catchingUpMeaning]
  if (current.state === 'stale') return [words.stale(moment(current.since)), words.staleMeaning]
  if (current.state === 'reconnecting') return [words.reconnecting(moment(current.since)), words.reconnectingMeaning]
  return [current.state === 'denied' ? words.denied : words.connecting]
}
