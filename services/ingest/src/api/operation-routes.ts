// What the people who run Ronda ask: does it live, is it ready, does the ledger balance, what wants a look.
import type { Backbone } from '@ronda/backbone/backbone'
import { errorCatalogue } from '@ronda/contracts/errors'
import { Ledger } from '@ronda/contracts/ledger'
import type { HttpServer } from '@ronda/runtime/http'
import type { Registry as MetricsRegistry } from 'prom-client'
import { z } from 'zod'
import type { Guard } from './guard.ts'

export interface Check {
  name: string
  ok: boolean
  /** Why not, and what to do. */
  reason?: string
}

const Checks = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().optional() })),
})
const Notices = z.object({
  notices: z.array(
    z.object({
      code: z.string(),
      title: z.string(),
      who: z.string().describe('A device, or the source itself'),
      since: z.int().describe('ms UTC'),
      source: z.string(),
    }),
  ),
})
export interface OperationRoutesDeps {
  backbone: Backbone
  guard: Guard
  ledger: () => Promise<Ledger>
  checks: () => Promise<Check[]>
  metrics: MetricsRegistry
}

export function operationRoutes(app: HttpServer, deps: OperationRoutesDeps): void {
  const { backbone, guard } = deps
  const tags = ['operation']

  app.get(
    '/healthz',
    { schema: { tags, summary: 'The process lives', response: { 200: z.object({ ok: z.literal(true) }) } } },
    async () => ({
      ok: true as const,
    }),
  )

  app.get(
    '/readyz',
    { schema: { tags, summary: 'Everything works, or what does not', response: { 200: Checks, 503: Checks } } },
    async (_request, reply) => {
      const checks = await deps.checks()
      const ready = checks.every(({ ok }) => ok)
      return reply.code(ready ? 200 : 503).send({ ready, checks })
    },
  )

  app.get(
    '/metrics',
    { schema: { tags, summary: 'Prometheus metrics', response: { 200: z.string() } } },
    async (_request, reply) => reply.type(deps.metrics.contentType).send(await deps.metrics.metrics()),
  )

  app.get(
    '/api/v1/ledger',
    {
      onRequest: guard.needs('read'),
      schema: { tags, summary: 'Accepted = written + dead-lettered + pending', response: { 200: Ledger } },
    },
    async () => deps.ledger(),
  )

  app.get(
    '/api/v1/notices',
    {
      onRequest: guard.needs('read'),
      schema: {
        tags,
        summary: 'What wants a look although everything works: until five minutes after it was last seen',
        response: { 200: Notices },
      },
    },
    async () => {
      const sources = await backbone.bucket('sources').list()
      return {
        notices: sources.flatMap(({ key, value: { notices = [] } }) =>
          notices.map((notice) => ({ ...notice, title: errorCatalogue[notice.code].title, source: key })),
        ),
      }
    },
  )
}
