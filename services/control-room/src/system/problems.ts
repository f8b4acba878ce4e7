// What is wrong with Ronda itself, worst first, from what it tells of itself. Nothing here is a matter of taste: each
// is something that an engineer has to look at, or that explains what operators see.
import type { SystemReader, SystemService, SystemState } from '@ronda/contracts/system'
import { recentRates } from './trend.ts'

export type Problem = {
  /** What the system itself says about it. */
  detail?: string | undefined
} & (
  | { kind: 'ledger-unbalanced'; by: number }
  | { kind: 'service-silent' | 'service-never'; service: SystemService['name'] }
  | { kind: 'reader-blocked' | 'reader-behind'; reader: SystemReader['name']; behind: number | null }
  | { kind: 'store' | 'log' | 'log-filling' | 'disk' }
)

/** Messages that are on their way at any moment, and more of them than come in so many seconds. */
const usualBehind = 2_000
const behindS = 30
/** Of its limit: then the log is filling up. */
const filling = 0.8
/** The reserve so many times over: then the disk is nearly full. */
const nearlyFull = 2

/** What is missing in the ledger, or too much. */
export function discrepancy({ accepted, written, deadLettered, pending }: SystemState['ledger']): number {
  return accepted - written - deadLettered - pending
}

export function problemsOf(state: SystemState): Problem[] {
  const { ledger, services, readers, store, backbone, disk, trend } = state
  const problems: Problem[] = []
  if (!ledger.balanced || discrepancy(ledger) !== 0) {
    problems.push({ kind: 'ledger-unbalanced', by: Math.abs(discrepancy(ledger)) })
  }
  if (backbone.problem !== undefined) problems.push({ kind: 'log', detail: backbone.problem })
  if (store.problem !== undefined) problems.push({ kind: 'store', detail: store.problem })
  for (const { name, state: is } of services) {
    if (is !== 'up') problems.push({ kind: is === 'silent' ? 'service-silent' : 'service-never', service: name })
  }
  const usual = Math.max(usualBehind, (recentRates(trend, 60_000)?.cameIn ?? 0) * behindS)
  for (const { name: reader, behind, blocked } of readers) {
    // Why the historian waits is the store's problem, said above.
    if (blocked !== undefined && store.problem !== undefined && reader === 'historian') continue
    if (blocked !== undefined) problems.push({ kind: 'reader-blocked', reader, behind, detail: blocked })
    else if (behind !== null && behind > usual) problems.push({ kind: 'reader-behind', reader, behind })
  }
  if (disk.freeBytes < disk.reserveBytes * nearlyFull) problems.push({ kind: 'disk' })
  const logBytes = backbone.streams.find(({ name }) => name === 'log')?.bytes ?? 0
  if (logBytes > backbone.logLimitBytes * filling) problems.push({ kind: 'log-filling' })
  return problems
}
