// What could not be stored, with the reason: written by the historian, read and replayed by administrators.
// Of undeclared keys only the names are kept; an unparseable payload as its length and hash, and its beginning
// unless it is camera metadata.
import { hash } from 'node:crypto'
import type { Stream } from '@ronda/backbone/backbone'
import { decodeJson, encodeJson } from '@ronda/backbone/record-codec'
import { DeadLetter } from '@ronda/contracts/dead-letter'
import type { LogRecord } from '@ronda/contracts/record'
import { parseTopic } from '@ronda/contracts/topics'
import { type Refusal, declaredKeys } from './decode.ts'
import type { Place } from './rows.ts'

const excerptBytes = 1_024

/** A refused message, or object `n` of one with what was sent. */
export function makeDeadLetter(
  record: LogRecord,
  place: Place,
  refusal: Refusal,
  item?: { n: number; object: Record<string, unknown> | undefined },
): DeadLetter {
  const topic = parseTopic(record.topic)
  const n = item?.n ?? 0
  return {
    id: `${place.position}.${n}`,
    epoch: place.epoch,
    position: place.position,
    n,
    receivedAt: record.receivedAt,
    code: refusal.code,
    reason: refusal.reason,
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
    ...(topic === undefined ? {} : { device: topic.deviceId, kind: topic.kind }),
    topic: record.topic,
    principal: record.principal,
    source: record.source,
    ...(item?.object === undefined ? rawPart(record, topic?.channel) : objectPart(item.object, record)),
  }
}

function objectPart(object: Record<string, unknown>, record: LogRecord): Pick<DeadLetter, 'object' | 'undeclaredKeys'> {
  const topic = parseTopic(record.topic)
  const declared =
    topic === undefined || topic.channel === 'command' ? new Set<string>() : declaredKeys(topic.kind, topic.channel)
  const undeclaredKeys = Object.keys(object).filter((key) => !declared.has(key))
  return {
    object: Object.fromEntries(Object.entries(object).filter(([key]) => declared.has(key))),
    ...(undeclaredKeys.length === 0
      ? {}
      : { undeclaredKeys: undeclaredKeys.slice(0, 50).map((key) => key.slice(0, 64)) }),
  }
}

function rawPart({ payload }: LogRecord, channel: string | undefined): Pick<DeadLetter, 'raw'> {
  const text = channel === 'event' ? undefined : Buffer.from(payload.subarray(0, excerptBytes)).toString()
  return {
    raw: { bytes: payload.length, sha256: hash('sha256', payload, 'hex'), ...(text === undefined ? {} : { text }) },
  }
}

export function encodeDeadLetter(letter: DeadLetter): Uint8Array {
  return encodeJson(letter)
}

function decodeDeadLetter(record: Uint8Array): DeadLetter {
  return DeadLetter.parse(decodeJson(record))
}

/** The newest dead letter, whose place tells what was written before a crash. */
export async function lastDeadLetter(stream: Stream): Promise<DeadLetter | undefined> {
  const [entry] = await stream.readLast(1)
  return entry === undefined ? undefined : decodeDeadLetter(entry.record)
}

export interface DeadLetterPage {
  deadLetters: (DeadLetter & { cursor: string })[]
  /** To go on with; absent at the end. */
  next?: string
}

/** Dead letters after a cursor, oldest first. */
export async function listDeadLetters(stream: Stream, after: number, limit: number): Promise<DeadLetterPage> {
  const entries = await stream.read(after, { records: limit, bytes: 4e6 })
  const last = entries.at(-1)
  return {
    deadLetters: entries.map(({ record, position }) => ({ ...decodeDeadLetter(record), cursor: String(position) })),
    ...(last === undefined || entries.length < limit ? {} : { next: String(last.position) }),
  }
}

/** The payload to send again: what of the object was kept; undefined when too little was. */
export function replayPayload({ object, raw }: DeadLetter): Uint8Array | undefined {
  if (object !== undefined) return encodeJson(object)
  if (raw?.text !== undefined && raw.bytes <= excerptBytes) return new TextEncoder().encode(raw.text)
  return undefined
}
