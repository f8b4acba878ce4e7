// The view for a wall: what is wrong, where, and how the city is, to be read from metres. There is nothing to operate on
// it; it keeps itself up to date for as long as it hangs there, and says so by its clock, or that it does not.
import type { CityStanding } from '@ronda/contracts/city-standing'
import { fetchCityStanding } from '../api/city-figures.ts'
import { fetchDistricts } from '../api/city.ts'
import { useEachSecond, useRoom, useText, useTimes, useWatched } from '../context.tsx'
import { ConnectionBadge } from '../frame/connection-badge.tsx'
import { ClockIcon, SilentIcon, UnlinkedIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { type Fetched, useFetched } from '../use-fetched.ts'
import { useWallScene } from './use-wall-scene.ts'
import { WallFaults } from './wall-faults.tsx'
import { WallMap } from './wall-map.tsx'
import { WallNumbers } from './wall-numbers.tsx'
import '../styles/wall.css'

/** Real ms. */
const standingEveryMs = 10_000

export function WallPage() {
  const { city, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { wall: words, frame } = useText()
  const districts = useFetched(fetchDistricts, { key: 'districts', once: true })
  const standing: Fetched<CityStanding> = useFetched(fetchCityStanding, { key: 'standing', everyMs: standingEveryMs })
  const scene = useWallScene()
  const isSlow = useSlow(!isLoaded)
  return (
    <div className="wall" role="region" aria-label={words.label}>
      <header className="wall-head">
        <h1>{city.city.name}</h1>
        {city.simulated && <span className="simulated">{frame.simulated}</span>}
        <span className="spring" />
        <ConnectionBadge />
        <WallClock />
      </header>
      <WallNotices />
      <div className="wall-left">
        {isSlow && (
          <p className="wall-calm" role="status">
            {words.updating}
          </p>
        )}
        {isLoaded && <WallFaults scene={scene} />}
      </div>
      <WallMap districts={districts} scene={isLoaded ? scene : undefined} />
      <WallNumbers standing={standing.state === 'known' ? standing.value : undefined} />
    </div>
  )
}

/** Seconds that go on are the proof that the page lives; the city's own time, not this machine's. */
function WallClock() {
  const { clock, status } = useRoom()
  const times = useTimes()
  const isTold = useWatched(status) !== undefined
  const time = useEachSecond(() => times.clock(clock.now()))
  const day = useEachSecond(() => times.day(clock.now()))
  if (!isTold) return null
  return (
    <span className="wall-time">
      <span className="wall-day">{day}</span>
      <time className="wall-clock">{time}</time>
      <span className="wall-zone">{times.zone}</span>
    </span>
  )
}

function WallNotices() {
  const { connection, status, clock } = useRoom()
  const { wall: words } = useText()
  const times = useTimes()
  const state = useWatched(connection)
  const blind = useWatched(status)?.blind ?? []
  const moment = (at: number) => times.moment(at, clock.now())
  return (
    <div className="wall-notices" role="status">
      {state.state === 'reconnecting' && (
        <p>
          <UnlinkedIcon />
          {words.lost(moment(state.since))}
        </p>
      )}
      {state.state === 'stale' && (
        <p>
          <ClockIcon />
          {words.stale(moment(state.since))}
        </p>
      )}
      {blind.map(({ source, since }) => (
        <p key={source}>
          <SilentIcon />
          {words.blind(source, moment(since))}
        </p>
      ))}
    </div>
  )
}
