// Whether everything works, and if not, what does not and why.
import type { Bucket, Stream } from '@ronda/backbone/backbone'
import type { SourceRow } from '@ronda/contracts/record'
import type { Store } from '@ronda/store/store'
import type { Check } from './api/operation-routes.ts'
import type { DetectorHost } from './detector-host.ts'
import type { Historian } from './historian.ts'

/** Stamped ms without a heartbeat after which a source counts as down. */
const downMs = 5_000

export interface ReadinessDeps {
  log: Stream
  store: Store
  historian: Historian
  detector: DetectorHost | undefined
  sources: Bucket<SourceRow>
  /** ms UTC of stamped time. */
  now: () => number
  clockScale: number
}

export async function checkReadiness(deps: ReadinessDeps): Promise<Check[]> {
  const { log, store, historian, detector, sources, now, clockScale } = deps
  const unavailable = await store.unavailable()
  const check = (name: string, reason: string | undefined): Check =>
    reason === undefined ? { name, ok: true } : { name, ok: false, reason }
  const broker = await sources.get('broker')
  return [
    check('log', log.blocked?.message),
    check('store', unavailable?.message),
    check('historian', historian.blocked?.message),
    check('detector', detector === undefined ? 'not started yet' : detector.blocked),
    check('broker', brokerProblem(broker?.value, now(), downMs * clockScale)),
  ]
}

function brokerProblem(broker: SourceRow | undefined, now: number, limitMs: number): string | undefined {
  if (broker === undefined || now - broker.at > limitMs)
    return 'no heartbeat of the broker: it is down, or cannot write'
  return broker.accepting ? undefined : 'the broker does not accept messages'
}
