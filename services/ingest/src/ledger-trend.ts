// The ledger over the last hour, for rates and their course: a sample every ten seconds, in memory. What it promises
// is the ledger's own; after a restart the trend begins anew.
import type { Ledger } from '@ronda/contracts/ledger'
import type { SystemState } from '@ronda/contracts/system'

const sampleMs = 10_000
const keptSamples = 360

type Samples = SystemState['trend']

export interface LedgerTrend {
  /** Oldest first, with the present as the last. */
  read(now: Ledger): Samples
  stop(): void
}

export interface LedgerTrendDeps {
  ledger: () => Promise<Ledger>
  /** Before that the ledger does not know yet what is in the store. */
  isCounting: () => boolean
  /** Told what keeps the ledger from being read. */
  onFailure: (error: unknown) => void
}

export function startLedgerTrend({ ledger, isCounting, onFailure }: LedgerTrendDeps): LedgerTrend {
  const samples: Samples = []

  const take = ({ accepted, written, deadLettered }: Ledger) => ({ at: Date.now(), accepted, written, deadLettered })

  async function sample(): Promise<void> {
    if (!isCounting()) return
    samples.push(take(await ledger()))
    if (samples.length > keptSamples) samples.shift()
  }

  const timer = setInterval(() => void sample().catch(onFailure), sampleMs)
  void sample().catch(onFailure)
  return { read: (now) => (isCounting() ? [...samples, take(now)] : []), stop: () => clearInterval(timer) }
}
