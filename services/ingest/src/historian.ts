// The historian: from the log into the store. It decodes, validates, writes rows, dead-letters what is refused,
// and alone counts: its cursor and the ledger move together, after the effects they speak of. No message can end it:
// one that an error of ours keeps from being processed is a dead letter too. A record of the log that is no record does.
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import { type Backbone, type Entry, openConsumer } from '@ronda/backbone/backbone'
import { decodeRecord } from '@ronda/backbone/record-codec'
import type { AppError } from '@ronda/contracts/errors'
import type { DeadLetter } from '@ronda/contracts/dead-letter'
import { type LedgerCounts, addCounts, emptyCounts } from '@ronda/contracts/ledger'
import { isMessage, type LogPlace, type LogRecord } from '@ronda/contracts/record'
import type { Logger } from '@ronda/runtime/log'
import type { RejectedRow, Store, StoreProgress } from '@ronda/store/store'
import { encodeDeadLetter, lastDeadLetter, makeDeadLetter, makeUndecodableLetter } from './dead-letters.ts'
import {
  type AskForDevice,
  type DecodedObject,
  type FindDevice,
  type RefusedMessage,
  type Refusal,
  decodeMessage,
} from './decode.ts'
import type { PendingDevices, Sighting } from './pending-devices.ts'
import { type ReplayedMessage, letterId, writesOfReplays } from './replayed-messages.ts'
import { retrying } from './retrying.ts'
import { type PlacedRow, type Place, rowOfStatus, rowsOfReadings } from './rows.ts'

const consumer = 'historian'
const batchLimit = { records: 10_000, bytes: 8e6 }
/** Rows and dead letters of one commit: a message may bring 500. */
const commitReadings = 50_000
/**
 * As long as it keeps up, it gathers so many times as long as the last write took, in ms from least to most: a commit
 * takes the disk as long for one row as for a thousand, and whoever else is to write waits for it.
 */
const gather = { times: 2, leastMs: 100, mostMs: 1_000 }
/** A reading that came this much (ms) after it was measured had waited somewhere. */
const lateMs = 120_000
/** Decoding for longer, the event loop gets its turn. */
const sliceMs = 10

export interface HistorianDeps {
  backbone: Backbone
  store: Store
  findDevice: FindDevice
  askForDevice: AskForDevice
  /** Told of unregistered devices, in the commit of their dead letters. */
  pendingDevices: Pick<PendingDevices, 'sightingOf' | 'writesOf' | 'settle'>
  /** Keys that no schema declares, dropped. */
  onUndeclared: (count: number) => void
  /** Readings that came long after they were measured. */
  onLate: (count: number) => void
  /** ms UTC of stamped time. */
  now: () => number
  log: Logger
}

export interface Historian {
  /** Follows the log until the signal aborts; rejects on a bug or a position that is not of this log. */
  run(signal: AbortSignal): Promise<void>
  /** What it has committed. */
  readonly progress: StoreProgress | undefined
  /** Why it waits at the moment. */
  readonly blocked: AppError | undefined
}

/** Encoded where it was made: what cannot be encoded concerns its message alone. */
interface Letter extends LogPlace {
  bytes: Uint8Array
  refusal: Refusal
  /** Of a message that a gateway brought from a device that is not registered. */
  sighting?: Sighting | undefined
}

interface PreparedMessage {
  rows: PlacedRow[]
  letters: Letter[]
  undeclared: number
  /** Where it is refused as a whole. */
  refused?: RefusedMessage
}

/** What is written as one. */
interface Batch {
  entries: Entry[]
  messages: number
  rows: PlacedRow[]
  letters: Letter[]
  replayed: ReplayedMessage[]
}

export function createHistorian(deps: HistorianDeps): Historian {
  const { backbone, store, log } = deps
  const stream = backbone.stream('log')
  let progress: StoreProgress | undefined
  let blocked: AppError | undefined
  /** The newest dead letter of an earlier life. */
  let lastLetter: LogPlace = { position: 0, n: -1 }
  const keptInBatch = new Set<string>()

  /**
   * The store's own word is the truth where it keeps one. The checkpoint may be ahead of it by what is no
   * message; by messages only when the store was exchanged or restored.
   */
  async function open(): Promise<void> {
    const checkpoint = await openConsumer(backbone, 'log', consumer)
    const { epoch, position, ordinal } = checkpoint
    // The historian is the only writer of its checkpoint, and that is what it keeps with it.
    progress = {
      cursor: { epoch, position, ordinal },
      counts: (checkpoint.data as LedgerCounts | undefined) ?? emptyCounts,
    }
    const known = await store.progress(consumer)
    if (known === undefined) return
    if (known.cursor.ordinal < ordinal || known.cursor.position > position || known.cursor.epoch !== epoch) {
      try {
        await stream.verify(known.cursor)
        progress = known
      } catch (err) {
        if (known.cursor.epoch !== epoch) throw err
        log.warn(
          { err, store: known.cursor, checkpoint: progress.cursor },
          'the store lacks messages that the log no longer has',
        )
      }
    }
  }

  async function openDeadLetters(): Promise<void> {
    const last = await lastDeadLetter(backbone.stream('dead-letters'))
    if (last !== undefined && last.epoch === stream.epoch) lastLetter = last
  }

  async function* prepare(entries: readonly Entry[]): AsyncIterable<Batch> {
    let batch = emptyBatch()
    let turnAt = performance.now()
    for (const entry of entries) {
      batch.entries.push(entry)
      const record = decodeRecord(entry.record)
      if (isMessage(record.type)) {
        const place = { epoch: stream.epoch, position: entry.position }
        let message = prepareMessage(record, place)
        const { refused } = message
        if (refused?.code === 'unknown_device' && (await deps.askForDevice(refused.deviceId)) !== undefined) {
          message = prepareMessage(record, place)
        }
        batch.messages++
        for (const row of message.rows) batch.rows.push(row)
        for (const letter of message.letters) batch.letters.push(letter)
        if (message.undeclared > 0) deps.onUndeclared(message.undeclared)
        const { replayOf, receivedAt, principal: by } = record
        if (replayOf === undefined) countLate(message.rows, receivedAt)
        else batch.replayed.push({ letter: replayOf, position: entry.position, by })
      }
      if (batch.rows.length + batch.letters.length >= commitReadings) {
        yield batch
        batch = emptyBatch()
      }
      if (performance.now() - turnAt < sliceMs) continue
      await nextTurn()
      turnAt = performance.now()
    }
    if (batch.entries.length > 0) yield batch
  }

  function countLate(rows: readonly PlacedRow[], receivedAt: number): void {
    let late = 0
    for (const { tsMs } of rows) if (receivedAt - tsMs > lateMs) late++
    if (late > 0) deps.onLate(late)
  }

  /** Never throws: an error that one message brings about would be met again at every start. */
  function prepareMessage(record: LogRecord, place: Place): PreparedMessage {
    try {
      return readMessage(record, place)
    } catch (err) {
      return { rows: [], letters: [undecodableLetter(err, record, place, 0)], undeclared: 0 }
    }
  }

  function undecodableLetter(err: unknown, record: LogRecord, place: Place, n: number): Letter {
    log.error({ err, code: 'undecodable', position: place.position, n }, 'a message cannot be processed')
    return encodeLetter(makeUndecodableLetter(record, place, n))
  }

  function readMessage(record: LogRecord, place: Place): PreparedMessage {
    const decoded = decodeMessage(record, deps.findDevice)
    if (decoded.kind === 'status') return { rows: [rowOfStatus(decoded, record, place)], letters: [], undeclared: 0 }
    if (decoded.kind === 'refused') {
      const letter = encodeLetter(makeDeadLetter(record, place, decoded))
      const sighting = decoded.code === 'unknown_device' ? deps.pendingDevices.sightingOf(record) : undefined
      return { rows: [], letters: [{ ...letter, sighting }], undeclared: 0, refused: decoded }
    }
    const letters = decoded.refused.map((refused) => encodeLetter(makeDeadLetter(record, place, refused, refused)))
    let undeclared = 0
    for (const object of decoded.objects) {
      undeclared += object.undeclared
      if (object.implausible === undefined) continue
      letters.push(encodeLetter(makeDeadLetter(record, place, object.implausible, itemOf(object))))
    }
    return { rows: [...rowsOfReadings(decoded, record, place)], letters, undeclared }
  }

  /**
   * Appends the dead letters that were not appended before, in a life that crashed or a try that failed. What was sent
   * again has its letter: only what came of it is written there.
   */
  async function keepDeadLetters({ rows, replayed }: Batch, letters: readonly Letter[]): Promise<void> {
    const repeats = new Set(replayed.map(({ position }) => position))
    const fresh = letters
      .filter(({ position }) => !repeats.has(position))
      .toSorted((a, b) => a.position - b.position || a.n - b.n)
      .filter((letter) => isAfter(letter, lastLetter) && !keptInBatch.has(letterId(letter)))
    if (fresh.length === 0 && replayed.length === 0) return
    const sightings = fresh.flatMap(({ sighting }) => sighting ?? [])
    await backbone.commit({
      appends: [{ stream: 'dead-letters', records: fresh.map(({ bytes }) => bytes) }],
      writes: [
        ...(await deps.pendingDevices.writesOf(sightings)),
        ...writesOfReplays(replayed, { rows, letters, at: deps.now() }),
      ],
    })
    for (const letter of fresh) keptInBatch.add(letterId(letter))
    await deps.pendingDevices.settle(sightings)
  }

  /** Until the store took it, or the signal aborted. */
  async function writeWhenPossible(batch: Batch, signal: AbortSignal): Promise<void> {
    keptInBatch.clear()
    const before = progress?.counts ?? emptyCounts
    await retrying(() => write(batch, before), {
      signal,
      onChange(failure) {
        blocked = failure
        if (failure === undefined) log.info('history is written again')
        else log.warn({ err: failure, code: failure.code }, 'history waits')
      },
    })
  }

  /** One batch: rows and dead letters first, then the cursor with the counts. Doing it twice changes nothing. */
  async function write(batch: Batch, before: LedgerCounts): Promise<void> {
    const last = batch.entries.at(-1)
    if (last === undefined) return
    const cursor = { epoch: stream.epoch, position: last.position, ordinal: last.ordinal }
    const after =
      batch.messages === 0
        ? { cursor, counts: before }
        : ((await landedBefore(last.position)) ?? (await writeRows(batch, before, cursor)))
    await backbone.commit({ checkpoint: { consumer, stream: 'log', ...after.cursor, data: after.counts } })
    progress = after
  }

  /** A commit of the store that failed may have come about all the same. */
  async function landedBefore(position: number): Promise<StoreProgress | undefined> {
    if (blocked === undefined) return undefined
    const known = await store.progress(consumer)
    return known?.cursor.epoch === stream.epoch && known.cursor.position >= position ? known : undefined
  }

  async function writeRows(
    batch: Batch,
    before: LedgerCounts,
    cursor: StoreProgress['cursor'],
  ): Promise<StoreProgress> {
    const staged = await store.stage(consumer, batch.rows)
    try {
      const letters = [...batch.letters, ...lettersOfRejected(batch, staged.rejected)]
      await keepDeadLetters(batch, letters)
      const deadLettered = new Set(letters.map(({ position }) => position)).size
      const counts = addCounts(before, {
        written: batch.messages - deadLettered,
        deadLettered,
        stored: staged.stored,
        collapsed: staged.collapsed,
        refused: letters.length,
      })
      await staged.commit({ cursor, counts })
      return { cursor, counts }
    } catch (error) {
      await staged.rollback()
      throw error
    }
  }

  return {
    async run(signal) {
      await open()
      await openDeadLetters()
      if (progress === undefined) return
      log.info({ ...progress.cursor, store: store.name }, 'the historian goes on')
      const { position } = progress.cursor
      const failed = new AbortController()
      const going = AbortSignal.any([signal, failed.signal])
      let writing = Promise.resolve()
      try {
        for await (const entries of stream.follow(position, batchLimit, going)) {
          const startedAt = performance.now()
          for await (const batch of prepare(entries)) {
            await writing
            if (signal.aborted) return
            writing = writeWhenPossible(batch, signal)
            // Awaited with the next batch, which is made ready meanwhile, or when there is none.
            writing.catch(() => failed.abort())
          }
          if (isFull(entries)) continue
          await writing
          const gatherMs = Math.min(
            gather.mostMs,
            Math.max(gather.leastMs, gather.times * (performance.now() - startedAt)),
          )
          await delay(gatherMs, undefined, { signal }).catch(() => {})
        }
      } finally {
        await writing
      }
    },
    get progress() {
      return progress
    },
    get blocked() {
      return blocked
    },
  }

  /** A dead letter for each row that the store will never take. */
  function lettersOfRejected({ entries, rows }: Batch, rejected: readonly RejectedRow[]): Letter[] {
    if (rejected.length === 0) return []
    const reasons = new Map(rejected.map(({ row, reason }) => [row, reason]))
    const records = new Map(entries.map(({ position, record }) => [position, record]))
    return rows.flatMap((row) => {
      const reason = reasons.get(row)
      const bytes = records.get(row.position)
      if (reason === undefined || bytes === undefined) return []
      const record = decodeRecord(bytes)
      const place = { epoch: stream.epoch, position: row.position }
      const item = row.reading === undefined ? undefined : itemOf(row.reading)
      try {
        return [encodeLetter(makeDeadLetter(record, place, { code: 'point_rejected', reason }, item))]
      } catch (err) {
        return [undecodableLetter(err, record, place, row.n)]
      }
    })
  }
}

/** Whether there may be more already. */
function isFull(entries: readonly Entry[]): boolean {
  if (entries.length >= batchLimit.records) return true
  return entries.reduce((bytes, { record }) => bytes + record.length, 0) >= batchLimit.bytes
}

function emptyBatch(): Batch {
  return { entries: [], messages: 0, rows: [], letters: [], replayed: [] }
}

function encodeLetter(letter: DeadLetter): Letter {
  const { position, n, code, reason, field } = letter
  const refusal = { code, reason, ...(field === undefined ? {} : { field }) }
  return { position, n, refusal, bytes: encodeDeadLetter(letter) }
}

function isAfter(a: LogPlace, b: LogPlace): boolean {
  return a.position > b.position || (a.position === b.position && a.n > b.n)
}

function itemOf(object: DecodedObject): { n: number; object: Record<string, unknown> } {
  return { n: object.n, object: asSent(object) }
}

/** A decoded object as the device could send it again. */
function asSent({ ts, sentAt, seq, faults, fields }: DecodedObject): Record<string, unknown> {
  return { ts, sentAt, seq, ...fields, ...(faults.length === 0 ? {} : { faults }) }
}
