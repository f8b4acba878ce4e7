// How Ronda itself is: what is wrong, if anything, then the ledger, the services, where things are kept.
import { useRoom, useText, useTimes, useWatched } from '../context.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { LedgerCard } from './ledger-card.tsx'
import { ProblemList } from './problem-list.tsx'
import { ServicesCard } from './services-card.tsx'
import { StorageCard } from './storage-card.tsx'
import { useSystem } from './use-system.ts'

export function StatePage() {
  const { system: words } = useText()
  const isLive = useWatched(useRoom().connection).state === 'live'
  const times = useTimes()
  const { system, failed } = useSystem()
  const isSlow = useSlow(system === undefined && !failed)

  return (
    <div className="system-body system-state" tabIndex={0} role="region" aria-label={words.state}>
      {failed && (
        <div className="system-problem" role="alert">
          <h3>{words.failed}</h3>
          <p>{isLive ? words.failedMeaning : words.failedAway}</p>
          {system !== undefined && <p>{words.asOf(times.clock(system.at))}</p>}
        </div>
      )}
      {system !== undefined && (
        <div className={failed ? 'system-cards system-outdated' : 'system-cards'}>
          {!failed && <ProblemList system={system} />}
          <LedgerCard system={system} />
          <ServicesCard system={system} />
          <StorageCard system={system} />
        </div>
      )}
      {isSlow && (
        <p className="hint" role="status">
          {words.loading}
        </p>
      )}
    </div>
  )
}
