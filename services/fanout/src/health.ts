// Whether it lives, whether it is of use, and how much it does: `/healthz`, `/readyz`, `/metrics`.
import { AppError } from '@ronda/contracts/errors'
import type { HttpServer } from '@ronda/runtime/http'
import type { Feed } from './feed.ts'
import type { Gate } from './gate.ts'
import type { Metrics } from './metrics.ts'

const ingestTimeoutMs = 1_000
/** A healthy reader is a batch or two behind. */
const maxFeedLagEvents = 1_000

/** Asked by orchestrators, which know an address and no name: these tell nothing but a state. */
export const pathsOfAnyHost: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

export interface HealthDeps {
  feed: Feed
  ingestUrl: string
  metrics: Metrics
  gate: () => Gate
}

export function addHealth(app: HttpServer, { feed, ingestUrl, metrics, gate }: HealthDeps): void {
  app.get('/healthz', async () => ({ status: 'ok' }))

  app.get('/readyz', async () => {
    const problems = [...(await feedProblems(feed)), ...(await ingestProblems(ingestUrl))]
    if (problems.length > 0) throw new AppError('unavailable', 'fanout is not ready', { problems })
    return { status: 'ready' }
  })

  app.get('/metrics', async (request, reply) => {
    await gate().checkWhoAsks(request.headers)
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

async function feedProblems(feed: Feed): Promise<string[]> {
  if (!feed.loaded) return ['the open faults are not loaded yet']
  const lag = await feed.lagEvents()
  return lag > maxFeedLagEvents ? [`${lag} fault events are not read yet`] : []
}

async function ingestProblems(ingestUrl: string): Promise<string[]> {
  try {
    const answer = await fetch(`${ingestUrl}/healthz`, { signal: AbortSignal.timeout(ingestTimeoutMs) })
    await answer.body?.cancel()
    return answer.ok ? [] : [`ingest answers /healthz with ${answer.status}`]
  } catch {
    return ['ingest does not answer']
  }
}
