// Receivers of webhooks: systems of others (complaints, work orders) that are told of faults by HTTP, signed after
// the Standard Webhooks specification. What they are sent, how they are kept, and what became of each attempt.
import { z } from 'zod'
import { Fault, FaultEventName, FaultFilter, type SourcePosition } from './fault.ts'
import { ServiceId } from './service-principal.ts'

/** What a receiver can be told of a fault: the events, and that it no longer matches the filter. */
export const WebhookEvent = z.enum([...FaultEventName.options, 'removed'])
export type WebhookEvent = z.infer<typeof WebhookEvent>

export const ReceiverFilter = z.strictObject({
  ...FaultFilter.shape,
  events: z.array(WebhookEvent).max(16).default([]).describe('Names of events; an empty list admits all'),
  announcementsOnly: z
    .boolean()
    .default(true)
    .describe(
      'Only what wants somebody: faults raised on their own (no consequence of another, not shelved), and when one of those is cleared, closed or overdue',
    ),
})
export type ReceiverFilter = z.infer<typeof ReceiverFilter>

export const NewReceiver = z.strictObject({
  id: ServiceId,
  /** What it is and who looks after it. */
  description: z.string().trim().min(1).max(200),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .max(2_000)
    .describe('https; http to loopback, and anywhere with RONDA_ALLOW_PLAINTEXT=1. No user name or password in it'),
  filter: ReceiverFilter.prefault({}),
  enabled: z.boolean().default(true).describe('false: it is told nothing, and goes on where it was when it is again'),
})
export type NewReceiver = z.infer<typeof NewReceiver>

export const Receiver = NewReceiver.extend({
  /** Grows by one with every change. */
  revision: z.int().min(1),
  /** ms UTC by the system's clock. */
  createdAt: z.int(),
  /** As the audit trail names them. */
  createdBy: z.string(),
  /** It answered 410 and was disabled; ms UTC by the system's clock. */
  goneAt: z.int().optional(),
})
export type Receiver = z.infer<typeof Receiver>

// Defaults belong to creation: in a PATCH an absent field means "unchanged".
export const ReceiverPatch = z
  .strictObject({
    ...NewReceiver.omit({ id: true }).partial().shape,
    filter: ReceiverFilter.optional().describe('Takes the place of the whole filter'),
    enabled: z.boolean().optional(),
    revision: z.int().min(1).optional(),
  })
  .describe('Fields to change; with `revision`, only if that is still the newest')
export type ReceiverPatch = z.infer<typeof ReceiverPatch>

/** How far a receiver is behind. */
export const ReceiverState = z.object({
  behind: z.int().describe('Events of the stream, of any filter, that it has not come to yet'),
  waiting: z.int().describe('Notices that failed and are tried again'),
  deadLetters: z.int().describe('Notices that were given up and can be sent again'),
  failingSince: z.int().optional().describe('ms UTC by the system’s clock: since then nothing has been delivered'),
})
export type ReceiverState = z.infer<typeof ReceiverState>

/** The same over all attempts, and sent as `webhook-id`: what a receiver drops repeats by. */
const DeliveryId = z.string()

/** The body of a request to a receiver. */
export const WebhookBody = z.discriminatedUnion('type', [
  /** An event as the WebSocket shows it. */
  z.object({ type: z.literal('fault'), deliveryId: DeliveryId, event: WebhookEvent, fault: Fault }),
  /** Events that were not kept until the receiver came to them: ask the API for the open faults. */
  z.object({
    type: z.literal('gap'),
    deliveryId: DeliveryId,
    /** Of any filter. */
    missed: z.int().min(1),
    /** ms UTC of the oldest event that is still told. */
    until: z.int(),
  }),
  /** An administrator wants to see whether it arrives. */
  z.object({ type: z.literal('test'), deliveryId: DeliveryId, receiver: z.string() }),
])
export type WebhookBody = z.infer<typeof WebhookBody>

/** `failed` is tried again; `dead-letter` was the last try. */
export const DeliveryOutcome = z.enum(['delivered', 'failed', 'dead-letter'])
export type DeliveryOutcome = z.infer<typeof DeliveryOutcome>

/** What came back of a request. */
export const ReceiverAnswer = z.object({
  durationMs: z.int(),
  status: z.int().optional().describe('Of HTTP; absent when there was no answer'),
  error: z.string().optional().describe('Why it does not count as delivered'),
})
export type ReceiverAnswer = z.infer<typeof ReceiverAnswer>

/** One attempt to deliver. */
export const Delivery = ReceiverAnswer.extend({
  deliveryId: DeliveryId,
  event: z.enum([...WebhookEvent.options, 'gap']),
  faultId: z.string().optional(),
  /** ms UTC by the system's clock. */
  at: z.int(),
  /** 1 for the first. */
  attempt: z.int().min(1),
  outcome: DeliveryOutcome,
  nextAt: z.int().optional().describe('ms UTC by the system’s clock: not tried again before'),
})
export type Delivery = z.infer<typeof Delivery>

/** What is to be delivered. */
export interface Notice {
  deliveryId: string
  event: Delivery['event']
  /** Notices of one fault are delivered in their order; undefined where it is about none. */
  faultId: string | undefined
  /** ms UTC of stamped time: when it happened. */
  at: number
  /** JSON of a WebhookBody. */
  body: string
}

/** A row of the bucket `receivers`. */
export interface ReceiverRow {
  receiver: Receiver
  /** Never used again, unlike the id: the other buckets' rows begin with it. */
  uid: string
  /** Of the secret, which is derived from it. */
  generation: number
  /** Signs beside the newest until then (ms UTC by the system's clock). */
  previous?: { generation: number; until: number }
}

/** A row of the bucket `receiver-cursors`, by uid. */
export interface ReceiverCursor {
  /** Everything of the stream `faults` up to here was delivered, put aside, or is not for it. */
  epoch: string
  position: number
  ordinal: number
  /** Source of the newest event up to there. */
  seen?: SourcePosition
  /** Attempts so far. */
  attempts: number
  /** Events that failed at their first attempt, one after the other. */
  failures: number
  /** Nothing is sent before; ms UTC by the system's clock. */
  notBefore: number
  /** Since when nothing was delivered, ms UTC by the system's clock. */
  failingSince?: number
}

/** A row of the bucket `receiver-held`, by uid and position of the event: failed, and to be tried again. */
export interface HeldNotice {
  notice: Notice
  attempts: number
  /** Since when it is tried, or waits behind another of its fault; ms UTC by the system's clock. */
  firstAt: number
  /** ms UTC by the system's clock. */
  nextAt: number
  /** Somebody asked for it once more. */
  redelivered: boolean
}

/** A row of the bucket `receiver-dead-letters`, by the same key: given up. */
export interface DeadNotice {
  notice: Notice
  /** ms UTC by the system's clock. */
  at: number
}
