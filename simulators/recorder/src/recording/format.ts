// What is in a recording: lines of JSON in gzip. The first is the header; each of the others is a message as a
// subscriber got it, or tells that the recorder lost its broker or has it again.
import { isUtf8 } from 'node:buffer'
import { z } from 'zod'

const version = 1

export const Header = z.object({
  format: z.literal('ronda-traffic'),
  version: z.literal(version, { error: `must be ${version}: a newer Ronda made it` }),
  /** Its address, without credentials. */
  broker: z.string(),
  /** The topic filters that were subscribed to. */
  topics: z.array(z.string()),
  /** ms UTC; `at` of every line counts from it. */
  startedAt: z.int(),
})
export type Header = z.infer<typeof Header>

/** ms since the beginning. */
const at = z.number().min(0)

const Message = z.object({
  at,
  topic: z.string(),
  /** As it was delivered: what was published with 2 has 1. */
  qos: z.union([z.literal(0), z.literal(1)]),
  /** Whether the broker had kept it from before: MQTT 3.1.1 tells that and no more. */
  retain: z.boolean(),
  /** The payload, byte for byte: as it is where it is UTF-8, otherwise in base64. */
  text: z.string().optional(),
  base64: z.base64().optional(),
})
export type Message = z.infer<typeof Message>

/** Between false and true nothing was heard. */
const Connection = z.object({ at, connected: z.boolean() })

export const Line = z.union([Message, Connection])
export type Line = z.infer<typeof Line>

export function headerOf(about: Pick<Header, 'broker' | 'topics' | 'startedAt'>): Header {
  return { format: 'ronda-traffic', version, ...about }
}

export function messageOf(about: Omit<Message, 'text' | 'base64'>, payload: Buffer): Message {
  return isUtf8(payload) ? { ...about, text: payload.toString() } : { ...about, base64: payload.toString('base64') }
}

export function payloadOf({ text, base64 = '' }: Pick<Message, 'text' | 'base64'>): Buffer {
  return text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text)
}
