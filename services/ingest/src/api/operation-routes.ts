// What the people who run Ronda ask: does it live, is it ready, does the ledger balance, what was refused.
import type { Audit } from '@ronda/access/audit'
import { type Backbone, appendNow } from '@ronda/backbone/backbone'
import { encodeRecord } from '@ronda/backbone/record-codec'
import { DeadLetter } from '@ronda/contracts/dead-letter'
import { AppError, errorCatalogue } from '@ronda/contracts/errors'
import { Ledger } from '@ronda/contracts/ledger'
import { may } from '@ronda/contracts/permissions'
import { noSession, recordVersion } from '@ronda/contracts/record'
import type { HttpServer } from '@ronda/runtime/http'
import type { Registry as MetricsRegistry } from 'prom-client'
import { z } from 'zod'
import { listDeadLetters, replayPayload, withoutContent } from '../dead-letters.ts'
import { type Guard, askerOf, principalOf } from './guard.ts'

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
const DeadLetterPage = z.object({
  deadLetters: z.array(DeadLetter.extend({ cursor: z.string() })),
  next: z.string().optional(),
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
const mostReplayed = 500

export interface OperationRoutesDeps {
  backbone: Backbone
  guard: Guard
  audit: Audit
  ledger: () => Promise<Ledger>
  checks: () => Promise<Check[]>
  metrics: MetricsRegistry
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

export function operationRoutes(app: HttpServer, deps: OperationRoutesDeps): void {
  const { backbone, guard, audit, source, now } = deps
  const tags = ['operation']
  const letters = backbone.stream('dead-letters')

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

  app.get(
    '/api/v1/dead-letters',
    {
      onRequest: guard.needs('readDeadLetters'),
      schema: {
        tags,
        summary: 'What could not be stored, oldest first',
        description: 'What was kept of the messages themselves is for administrators.',
        querystring: z.object({
          cursor: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(mostReplayed).default(100),
        }),
        response: { 200: DeadLetterPage },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      await audit({ who: askerOf(request), did: 'read dead letters', what: `after ${cursor}` })
      const page = await listDeadLetters(letters, cursor, limit)
      const { role } = principalOf(request)
      return may(role, 'readDeadLetterContent') ? page : { ...page, deadLetters: page.deadLetters.map(withoutContent) }
    },
  )

  app.post(
    '/api/v1/dead-letters/replay',
    {
      onRequest: guard.needs('readDeadLetterContent'),
      schema: {
        tags,
        summary: 'Send dead letters again, as new messages',
        body: z.strictObject({ cursors: z.array(z.string().regex(/^\d+$/)).min(1).max(mostReplayed) }),
        response: { 200: z.object({ replayed: z.int(), skipped: z.int().describe('Of which too little was kept') }) },
      },
    },
    async (request) => {
      const principal = askerOf(request)
      const { cursors } = request.body
      await audit({ who: principal, did: 'replayed dead letters', what: cursors.join() })
      let replayed = 0
      for (const cursor of cursors.map(Number)) {
        const [letter] = (await listDeadLetters(letters, cursor - 1, 1)).deadLetters
        if (letter?.cursor !== String(cursor)) throw new AppError('not_found', `there is no dead letter at ${cursor}`)
        const payload = replayPayload(letter)
        if (payload === undefined) continue
        const record = encodeRecord({
          v: recordVersion,
          type: letter.topic.endsWith('/status') ? 'status' : 'telemetry',
          receivedAt: now(),
          source,
          session: noSession,
          principal,
          topic: letter.topic,
          qos: 1,
          retain: false,
          dup: false,
          will: false,
          payload,
          replayOf: letter.position,
        })
        await appendNow(backbone.stream('log'), record, { counted: true })
        replayed++
      }
      return { replayed, skipped: cursors.length - replayed }
    },
  )
}
