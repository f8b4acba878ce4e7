// Receivers of webhooks over HTTP: which systems are told of faults, what became of it, and another chance for what was
// given up. For administrators only.
import { randomUUID } from 'node:crypto'
import type { Audit } from '@ronda/access/audit'
import type { Backbone } from '@ronda/backbone/backbone'
import {
  Delivery,
  DeliveryOutcome,
  NewReceiver,
  Receiver,
  ReceiverAnswer,
  ReceiverPatch,
  ReceiverState,
  type WebhookBody,
} from '@ronda/contracts/receiver'
import { ServiceId } from '@ronda/contracts/service-principal'
import { TokenRotation } from '@ronda/contracts/token'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Post } from '../webhooks/post.ts'
import type { Receivers } from '../webhooks/receivers.ts'
import { keyOf, rangeOf } from '../webhooks/rows.ts'
import type { Secrets } from '../webhooks/secrets.ts'
import { type Guard, askerOf } from './guard.ts'
import { readPage } from './pages.ts'

const mostDeliveries = 500
/** Characters of an answer that are shown after a test. */
const shownText = 1_000

const ById = z.object({ id: ServiceId })
const ReceiverWithSecret = z.object({
  receiver: Receiver,
  secret: z.string().describe('Shown this once: what signatures are verified with'),
})
const DeliveryPage = z.object({
  deliveries: z.array(Delivery),
  next: z.string().optional().describe('Cursor of the next page'),
})

export interface ReceiverRoutesDeps {
  backbone: Backbone
  receivers: Receivers
  secrets: Secrets
  post: Post
  guard: Guard
  audit: Audit
  /** ms UTC by the system's clock. */
  systemNow: () => number
}

export function receiverRoutes(app: HttpServer, deps: ReceiverRoutesDeps): void {
  const { backbone, receivers, secrets, post, guard, audit, systemNow } = deps
  const tags = ['receivers']
  const onRequest = guard.needs('changeReceivers')

  app.get(
    '/api/v1/receivers',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Receivers of webhooks by id',
        response: { 200: z.object({ receivers: z.array(Receiver) }) },
      },
    },
    async () => {
      const rows = await backbone.bucket('receivers').list()
      return { receivers: rows.map(({ value: { receiver } }) => receiver) }
    },
  )

  app.post(
    '/api/v1/receivers',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Tell a system of faults by signed webhooks, from now on',
        description: 'Signatures are those of Standard Webhooks. docs/webhooks.md says how to verify them.',
        body: NewReceiver,
        response: { 201: ReceiverWithSecret },
      },
    },
    async (request, reply) => reply.code(201).send(await receivers.create(request.body, askerOf(request))),
  )

  app.get(
    '/api/v1/receivers/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'A receiver, and how far it is behind',
        params: ById,
        response: { 200: Receiver.extend({ state: ReceiverState }) },
      },
    },
    async ({ params: { id } }) => {
      const { receiver, uid } = (await receivers.find(id)).value
      const [cursor, waiting, deadLetters, head] = await Promise.all([
        backbone.bucket('receiver-cursors').get(uid),
        backbone.bucket('receiver-held').count(rangeOf(uid)),
        backbone.bucket('receiver-dead-letters').count(rangeOf(uid)),
        backbone.stream('faults').head(),
      ])
      const since = cursor?.value.failingSince
      const state: ReceiverState = {
        behind: head.ordinal - (cursor?.value.ordinal ?? head.ordinal),
        waiting,
        deadLetters,
        ...(since === undefined ? {} : { failingSince: since }),
      }
      return { ...receiver, state }
    },
  )

  app.patch(
    '/api/v1/receivers/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change a receiver; what failed is tried again at once',
        params: ById,
        body: ReceiverPatch,
        response: { 200: Receiver },
      },
    },
    async (request) => receivers.update(request.params.id, request.body, askerOf(request)),
  )

  app.delete(
    '/api/v1/receivers/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Remove a receiver with all that waits for it: its id may be used again',
        params: ById,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await receivers.remove(request.params.id, askerOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/v1/receivers/:id/secret',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Give a receiver a new secret; the old one ends now or after an overlap, in which both sign',
        params: ById,
        body: TokenRotation.nullish().describe('Without one the old secret ends at once'),
        response: { 200: z.object({ id: ServiceId, secret: z.string().describe('Shown this once') }) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { secret } = await receivers.issueSecret(id, request.body?.overlapS ?? 0, askerOf(request))
      return { id, secret }
    },
  )

  app.post(
    '/api/v1/receivers/:id/test',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Send a test notice now, once, and see what comes back; also to a receiver that is disabled',
        params: ById,
        response: {
          200: ReceiverAnswer.extend({
            delivered: z.boolean(),
            text: z.string().optional().describe('How the answer begins'),
          }),
        },
      },
    },
    async (request) => {
      const { id } = request.params
      const { value: row } = await receivers.find(id)
      await audit({ who: askerOf(request), did: 'tested a receiver', what: id })
      const deliveryId = `test_${randomUUID()}`
      const body = JSON.stringify({ type: 'test', deliveryId, receiver: id } satisfies WebhookBody)
      const headers = secrets.headers(row, deliveryId, body, systemNow())
      const { durationMs, status, error, text } = await post(row.receiver.url, headers, body)
      return { delivered: error === undefined, durationMs, status, error, text: text?.slice(0, shownText) }
    },
  )

  app.get(
    '/api/v1/receivers/:id/deliveries',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Attempts to deliver, newest first; kept for 30 days, 10,000 at most',
        params: ById,
        querystring: z.object({
          outcome: DeliveryOutcome.optional(),
          cursor: z
            .string()
            .regex(/^[0-9a-z]{11}$/)
            .optional(),
          limit: z.coerce.number().int().min(1).max(mostDeliveries).default(100),
        }),
        response: { 200: DeliveryPage },
      },
    },
    async ({ params: { id }, query: { outcome, cursor, limit } }) => {
      const { uid } = (await receivers.find(id)).value
      const range = { ...rangeOf(uid), ...(cursor === undefined ? {} : { before: keyOf(uid, cursor) }) }
      const { values, next } = await readPage(
        backbone.bucket('receiver-deliveries'),
        { ...range, reverse: true, limit },
        (delivery) => outcome === undefined || delivery.outcome === outcome,
      )
      return { deliveries: values, next: next?.slice(uid.length + 1) }
    },
  )

  app.post(
    '/api/v1/receivers/:id/redeliver',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Try dead letters again: those named, or all',
        params: ById,
        body: z
          .strictObject({ deliveryIds: z.array(z.string().max(200)).min(1).max(mostDeliveries) })
          .nullish()
          .describe('Without one: all'),
        response: {
          200: z.object({ redelivered: z.int(), left: z.int().describe('For which there is no room yet: ask again') }),
        },
      },
    },
    async (request) => receivers.redeliver(request.params.id, request.body?.deliveryIds, askerOf(request)),
  )
}
