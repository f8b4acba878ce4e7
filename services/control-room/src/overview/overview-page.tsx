// The overview: how the city's devices are, how much its people have to react to, and how that goes. Grey as long as
// all is well; what is not leads to where it can be looked at.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { fetchAlarmMetrics, fetchCityStanding, fetchNightEnergy } from '../api/city-figures.ts'
import { useRoom, useText, useWatched } from '../context.tsx'
import { Link } from '../frame/link.tsx'
import { WallIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { useFetched } from '../use-fetched.ts'
import { ActiveFaults } from './active-faults.tsx'
import { AgencyAnswers } from './agency-answers.tsx'
import { AlarmLoad } from './alarm-load.tsx'
import { DeviceStandings } from './device-standings.tsx'
import { Outdated } from './outdated.tsx'
import { NightEnergy } from './night-energy.tsx'
import { everyMs, parseOverview, ranges } from './ranges.ts'
import { RangeBar } from './range-bar.tsx'
import { Worst } from './worst.tsx'
import '../styles/overview.css'
import '../styles/alarm-load.css'
import '../styles/agency-answers.css'

/** Real ms: the server counts no more often. */
const standingEveryMs = 5_000
const energyEveryMs = 60_000

export function OverviewPage() {
  const { address, clock } = useRoom()
  const query = parseOverview(useWatched(address).query)
  const { range, agency } = query
  const { overview: words } = useText()
  const standing = useFetched(fetchCityStanding, { key: 'standing', everyMs: standingEveryMs })
  const energy = useFetched(fetchNightEnergy, { key: 'energy', everyMs: energyEveryMs })
  const metrics = useFetched(() => fetchAlarmMetrics({ from: clock.now() - ranges[range], agency }), {
    key: `${range} ${agency}`,
    everyMs: everyMs[range],
  })
  const isSlow = useSlow(standing.state === 'loading' || metrics.state === 'loading')
  const hasFailed = [standing, energy, metrics].some(({ state }) => state === 'failed')

  return (
    <div className="overview" tabIndex={0} role="region" aria-label={words.label}>
      <header className="overview-head">
        <h2>{words.label}</h2>
        <span className="spring" />
        <Link className="button" href={pagePathOf({ section: 'wall' })}>
          <WallIcon />
          {words.toWall}
        </Link>
      </header>
      <Outdated say={words.outdated} />
      {hasFailed && (
        <div className="overview-note" role="status">
          <strong>{words.failed}</strong> {words.failedMeaning}
        </div>
      )}
      <div className="overview-now">
        {standing.state === 'known' && <DeviceStandings standing={standing.value} />}
        {standing.state === 'known' && (
          <ActiveFaults standing={standing.value} open={metrics.state === 'known' ? metrics.value.open : undefined} />
        )}
      </div>
      {energy.state === 'known' && <NightEnergy energy={energy.value} />}
      <RangeBar query={query} />
      {metrics.state === 'known' && (
        <>
          <AlarmLoad metrics={metrics.value} agency={agency} />
          <AgencyAnswers agencies={metrics.value.agencies} />
          <Worst metrics={metrics.value} standing={standing.state === 'known' ? standing.value : undefined} />
        </>
      )}
      {isSlow && (
        <div className="skeleton" role="status" aria-label={words.loading}>
          {Array.from({ length: 6 }, (_, i) => (
            <div key={i} className="skeleton-row" />
          ))}
        </div>
      )}
    </div>
  )
}
