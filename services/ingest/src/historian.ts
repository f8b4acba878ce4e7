// The historian: from the log into the store. It decodes, validates, writes rows, dead-letters what is refused,
// and alone counts: its cursor and the ledger move together, after the effects they speak of.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Backbone, type Entry, openConsumer } from '@ronda/backbone/backbone'
import { decodeRecord } from '@ronda/backbone/record-codec'
import type { AppError } from '@ronda/contracts/errors'
import type { DeadLetter } from '@ronda/contracts/dead-letter'
import { type LedgerCounts, addCounts, emptyCounts } from '@ronda/contracts/ledger'
import { isMessage, type LogRecord } from '@ronda/contracts/record'
import type { Logger } from '@ronda/runtime/log'
import type { RejectedRow, Store, StoreProgress } from '@ronda/store/store'
import { encodeDeadLetter, lastDeadLetter, makeDeadLetter } from './dead-letters.ts'
import { type DecodedObject, type FindDevice, decodeMessage } from './decode.ts'
import { retrying } from './retrying.ts'
import { type PlacedRow, type Place, rowOfStatus, rowsOfReadings } from './rows.ts'

const consumer = 'historian'
const batchLimit = { records: 10_000, bytes: 8e6 }
/** Records decoded before the event loop gets its turn: a few ms. */
const sliceRecords = 500

export interface HistorianDeps {
  backbone: Backbone
  store: Store
  findDevice: FindDevice
  /** The registry as it is in the bucket, for a device that has not arrived in memory yet. */
  askForDevice: (id: string) => Promise<unknown>
  onHeartbeat: (record: LogRecord) => void
  /** Keys that no schema declares, dropped. */
  onUndeclared: (count: number) => void
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

interface LetterPlace {
  position: number
  n: number
}

interface Prepared {
  rows: PlacedRow[]
  deadLetters: DeadLetter[]
  /** Positions of the messages that have a dead letter. */
  lettered: Set<number>
  messages: number
  refusedReadings: number
}

export function createHistorian(deps: HistorianDeps): Historian {
  const { backbone, store, log } = deps
  const stream = backbone.stream('log')
  let progress: StoreProgress | undefined
  let blocked: AppError | undefined
  /** The newest dead letter of an earlier life. */
  let lastLetter: LetterPlace = { position: 0, n: -1 }
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

  async function prepare(entries: readonly Entry[]): Promise<Prepared> {
    const prepared: Prepared = { rows: [], deadLetters: [], lettered: new Set(), messages: 0, refusedReadings: 0 }
    for (const [index, entry] of entries.entries()) {
      if (index % sliceRecords === sliceRecords - 1) await nextTurn()
      const record = decodeRecord(entry.record)
      if (isMessage(record.type))
        await prepareMessage(record, { epoch: stream.epoch, position: entry.position }, prepared)
      else if (record.type === 'heartbeat') deps.onHeartbeat(record)
    }
    return prepared
  }

  async function prepareMessage(record: LogRecord, place: Place, prepared: Prepared): Promise<void> {
    prepared.messages++
    let decoded = decodeMessage(record, deps.findDevice)
    if (decoded.kind === 'refused' && decoded.code === 'unknown_device') {
      // It may have been registered a moment ago.
      await deps.askForDevice(decoded.deviceId)
      decoded = decodeMessage(record, deps.findDevice)
    }
    const letter = (dead: DeadLetter) => {
      prepared.deadLetters.push(dead)
      prepared.lettered.add(place.position)
      prepared.refusedReadings++
    }
    if (decoded.kind === 'refused') {
      letter(makeDeadLetter(record, place, decoded))
    } else if (decoded.kind === 'status') {
      prepared.rows.push(rowOfStatus(decoded, record, place))
    } else {
      for (const row of rowsOfReadings(decoded, record, place)) prepared.rows.push(row)
      for (const refused of decoded.refused) letter(makeDeadLetter(record, place, refused, refused))
      let undeclared = 0
      for (const object of decoded.objects) {
        undeclared += object.undeclared
        if (object.implausible === undefined) continue
        letter(makeDeadLetter(record, place, object.implausible, { n: object.n, object: asSent(object) }))
      }
      if (undeclared > 0) deps.onUndeclared(undeclared)
    }
  }

  /** Appends the dead letters that were not appended before, in a life that crashed or a try that failed. */
  async function keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    const fresh = letters
      .toSorted((a, b) => a.position - b.position || a.n - b.n)
      .filter(({ id, position, n }) => isAfter({ position, n }, lastLetter) && !keptInBatch.has(id))
    if (fresh.length === 0) return
    await backbone.commit({ appends: [{ stream: 'dead-letters', records: fresh.map(encodeDeadLetter) }] })
    for (const { id } of fresh) keptInBatch.add(id)
  }

  /** One batch: rows and dead letters first, then the cursor with the counts. Doing it twice changes nothing. */
  async function write(entries: readonly Entry[], prepared: Prepared, before: LedgerCounts): Promise<void> {
    const last = entries.at(-1)
    if (last === undefined) return
    const cursor = { epoch: stream.epoch, position: last.position, ordinal: last.ordinal }
    const after =
      prepared.messages === 0
        ? { cursor, counts: before }
        : ((await landedBefore(last.position)) ?? (await writeRows(entries, prepared, before, cursor)))
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
    entries: readonly Entry[],
    prepared: Prepared,
    before: LedgerCounts,
    cursor: StoreProgress['cursor'],
  ): Promise<StoreProgress> {
    const staged = await store.stage(consumer, prepared.rows)
    try {
      const { letters, lettered } = withRejected(entries, prepared, staged.rejected)
      await keepDeadLetters(letters)
      const counts = addCounts(before, {
        written: prepared.messages - lettered.size,
        deadLettered: lettered.size,
        stored: staged.stored,
        collapsed: staged.collapsed,
        refused: prepared.refusedReadings + staged.rejected.length,
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
      for await (const entries of stream.follow(progress.cursor.position, batchLimit, signal)) {
        keptInBatch.clear()
        const prepared = await prepare(entries)
        const before = progress.counts
        await retrying(() => write(entries, prepared, before), {
          signal,
          onChange(failure) {
            blocked = failure
            if (failure === undefined) log.info('history is written again')
            else log.warn({ err: failure, code: failure.code }, 'history waits')
          },
        })
        if (signal.aborted) return
      }
    },
    get progress() {
      return progress
    },
    get blocked() {
      return blocked
    },
  }

  /** Adds a dead letter for each row that the store will never take. */
  function withRejected(entries: readonly Entry[], prepared: Prepared, rejected: readonly RejectedRow[]) {
    if (rejected.length === 0) return { letters: prepared.deadLetters, lettered: prepared.lettered }
    const letters = [...prepared.deadLetters]
    const lettered = new Set(prepared.lettered)
    const reasons = new Map(rejected.map(({ row, reason }) => [row, reason]))
    const records = new Map(entries.map(({ position, record }) => [position, record]))
    for (const row of prepared.rows) {
      const reason = reasons.get(row)
      const bytes = records.get(row.position)
      if (reason === undefined || bytes === undefined) continue
      const record = decodeRecord(bytes)
      const decoded = decodeMessage(record, deps.findDevice)
      const object = decoded.kind === 'readings' ? decoded.objects.find(({ n }) => n === row.n) : undefined
      const item = { n: row.n, object: object === undefined ? undefined : asSent(object) }
      const place = { epoch: stream.epoch, position: row.position }
      letters.push(makeDeadLetter(record, place, { code: 'point_rejected', reason }, item))
      lettered.add(row.position)
    }
    return { letters, lettered }
  }
}

function isAfter(a: LetterPlace, b: LetterPlace): boolean {
  return a.position > b.position || (a.position === b.position && a.n > b.n)
}

/** A decoded object as the device could send it again. */
function asSent({ ts, sentAt, seq, faults, fields }: DecodedObject): Record<string, unknown> {
  return { ts, sentAt, seq, ...fields, ...(faults.length === 0 ? {} : { faults }) }
}
