// What could not be stored, with the reason: written by the historian, read and replayed by administrators.
// What of it may be kept, contracts/dead-letter.ts says; here it is picked out.
import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Stream } from '@ronda/backbone/backbone'
import { decodeJson, encodeJson } from '@ronda/backbone/record-codec'
import { DeadLetter, type DeadLetterCode } from '@ronda/contracts/dead-letter'
import type { LogRecord } from '@ronda/contracts/record'
import { maxObjectsPerPayload } from '@ronda/contracts/telemetry'
import { type Topic, parseTopic } from '@ronda/contracts/topics'
import type { z } from 'zod'
import { type Refusal, isJsonObject, parsePayload, schemaOf } from './decode.ts'
import type { Place } from './rows.ts'

const excerptBytes = 1_024
/** Longer texts are no mistyped numbers or times. */
const mostKeptCharacters = 32
const mostKeptNames = 50
const mostNameCharacters = 64
/** Bytes at which a page of dead letters ends. */
const pageBytes = 4e6

type Kept = Pick<DeadLetter, 'object' | 'objects' | 'undeclaredKeys' | 'raw'>

/** A refused message, or object `n` of one with what was sent. */
export function makeDeadLetter(
  record: LogRecord,
  place: Place,
  refusal: Refusal,
  item?: { n: number; object: Record<string, unknown> | undefined },
): DeadLetter {
  const topic = parseTopic(record.topic)
  const kept = item === undefined ? keptOfMessage(record, topic) : keptOfItem(item.object, topic)
  return { ...envelopeOf(record, place, refusal, item?.n ?? 0, topic), ...kept }
}

/** Of a message that an error of ours kept from being looked at: nothing of what is in it. */
export function makeUndecodableLetter(record: LogRecord, place: Place, n: number): DeadLetter {
  const refusal: Refusal = { code: 'undecodable', reason: 'an error in Ronda: its log has it, with this position' }
  return { ...envelopeOf(record, place, refusal, n, parseTopic(record.topic)), raw: fingerprint(record.payload) }
}

function envelopeOf(
  record: LogRecord,
  place: Place,
  { code, reason, field }: Refusal,
  n: number,
  topic: Topic | undefined,
): Omit<DeadLetter, keyof Kept> {
  return {
    id: `${place.position}.${n}`,
    epoch: place.epoch,
    position: place.position,
    n,
    receivedAt: record.receivedAt,
    code,
    reason,
    ...(field === undefined ? {} : { field }),
    ...(topic === undefined ? {} : { device: topic.deviceId, kind: topic.kind }),
    topic: record.topic,
    principal: record.principal,
    source: record.source,
  }
}

function keptOfItem(object: Record<string, unknown> | undefined, topic: Topic | undefined): Kept {
  const schema = topic === undefined ? undefined : schemaOf(topic.kind, topic.channel)
  if (object === undefined || schema === undefined) return {}
  return { object: keptOfObject(object, schema, topic), ...undeclaredIn([object], schema) }
}

/** All its objects, so that it can be sent again when its device is registered. */
function keptOfMessage({ payload }: LogRecord, topic: Topic | undefined): Kept {
  const parsed = parsePayload(payload)
  if (!parsed.ok) {
    const mayKeep = parsed.refusal.code === 'payload_not_json' && topic?.channel !== 'event'
    return { raw: { ...fingerprint(payload), ...(mayKeep ? excerptOf(payload) : {}) } }
  }
  const { value } = parsed
  const schema = topic === undefined ? undefined : schemaOf(topic.kind, topic.channel)
  if (schema !== undefined && isJsonObject(value)) return keptOfItem(value, topic)
  if (schema === undefined || !Array.isArray(value) || value.length > maxObjectsPerPayload) {
    return { raw: fingerprint(payload) }
  }
  const items: unknown[] = value
  return {
    objects: items.map((item) => (isJsonObject(item) ? keptOfObject(item, schema, topic) : null)),
    ...undeclaredIn(items.filter(isJsonObject), schema),
  }
}

function keptOfObject(
  object: Record<string, unknown>,
  schema: z.ZodObject,
  topic: Topic | undefined,
): Record<string, unknown> {
  const refused = new Set(schema.safeParse(object).error?.issues.map(({ path }) => path[0]))
  const mayKeepScalars = topic?.channel !== 'event'
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => isDeclared(schema, key))
      .map(([key, value]) => [key, refused.has(key) && !(mayKeepScalars && isScalar(value)) ? sketchOf(value) : value]),
  )
}

function isDeclared(schema: z.ZodObject, key: string): boolean {
  return Object.hasOwn(schema.shape, key)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= mostKeptCharacters : typeof value !== 'object' || value === null
}

/** No field takes such an object, so that a replay of it is refused again. */
function sketchOf(value: unknown): { type: string; length?: number } {
  if (typeof value === 'string') return { type: 'string', length: value.length }
  if (Array.isArray(value)) return { type: 'array', length: value.length }
  if (isJsonObject(value)) return { type: 'object', length: Object.keys(value).length }
  return { type: value === null ? 'null' : typeof value }
}

function undeclaredIn(objects: readonly Record<string, unknown>[], schema: z.ZodObject): Pick<Kept, 'undeclaredKeys'> {
  const names = new Set(objects.flatMap((object) => Object.keys(object).filter((key) => !isDeclared(schema, key))))
  if (names.size === 0) return {}
  return { undeclaredKeys: [...names].slice(0, mostKeptNames).map((name) => name.slice(0, mostNameCharacters)) }
}

function fingerprint(payload: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: payload.length, sha256: hash('sha256', payload, 'hex') }
}

function excerptOf(payload: Uint8Array): { text: string } | { hex: string } {
  const start = Buffer.from(payload.subarray(0, excerptBytes))
  return isUtf8(payload) ? { text: start.toString() } : { hex: start.toString('hex') }
}

export function encodeDeadLetter(letter: DeadLetter): Uint8Array {
  return encodeJson(letter)
}

export function decodeDeadLetter(record: Uint8Array): DeadLetter {
  return DeadLetter.parse(decodeJson(record))
}

/** The newest dead letter, whose place tells what was written before a crash. */
export async function lastDeadLetter(stream: Stream): Promise<DeadLetter | undefined> {
  const [entry] = await stream.readLast(1)
  return entry === undefined ? undefined : decodeDeadLetter(entry.record)
}

export interface LetterAt {
  letter: DeadLetter
  /** In the stream of dead letters. */
  position: number
}

interface LetterQuery {
  order: 'oldest' | 'newest'
  /** Letters after this place, or before it when the newest come first; absent: from that end. */
  from?: number | undefined
  limit: number
  /** Of this reason or device only. */
  code?: DeadLetterCode | undefined
  device?: string | undefined
}

export interface LetterPage {
  letters: LetterAt[]
  /** Where to go on; absent at the end. Where few fit a page may end before it is full. */
  next?: number
}

/** How many letters are looked through for one page. */
const mostLookedAt = 20_000
const lettersPerTurn = 500

/** A page of dead letters, in the order asked for. */
export async function readLetters(
  stream: Stream,
  { order, from, limit, code, device }: LetterQuery,
): Promise<LetterPage> {
  const letters: LetterAt[] = []
  let bytes = 0
  let place = from
  for (let looked = 0; looked < mostLookedAt; looked += lettersPerTurn) {
    const entries =
      order === 'oldest'
        ? await stream.read(place ?? 0, { records: lettersPerTurn, bytes: pageBytes })
        : (await stream.readLast(lettersPerTurn, place)).toReversed()
    if (entries.length === 0) return { letters }
    for (const { record, position } of entries) {
      if (letters.length === limit || bytes >= pageBytes) return { letters, next: place ?? 0 }
      place = position
      const letter = decodeDeadLetter(record)
      if ((code ?? letter.code) !== letter.code || (device !== undefined && letter.device !== device)) continue
      letters.push({ letter, position })
      bytes += record.length
    }
    await nextTurn()
  }
  return place === undefined ? { letters } : { letters, next: place }
}

/** The one at a place of the stream. */
export async function letterAt(stream: Stream, position: number): Promise<LetterAt | undefined> {
  const [entry] = await stream.read(position - 1, { records: 1, bytes: 1 })
  return entry?.position === position ? { letter: decodeDeadLetter(entry.record), position } : undefined
}

/** Where it came from and why it was refused, with nothing of what it said. */
export function withoutContent<L extends DeadLetter>(letter: L): Omit<L, keyof Kept> {
  const { object: _object, objects: _objects, undeclaredKeys: _keys, raw: _raw, ...rest } = letter
  return rest
}

/** Whether enough of it was kept to send it again. */
export function isReplayable({ object, objects = [] }: DeadLetter): boolean {
  return object !== undefined || objects.length > 0
}

/** The payload to send again: what of it was kept; undefined when that is nothing. */
export function replayPayload(letter: DeadLetter): Uint8Array | undefined {
  return isReplayable(letter) ? encodeJson(letter.object ?? letter.objects) : undefined
}
