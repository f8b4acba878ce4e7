// The only writer of receivers. A change is one commit of the row and of its entry of the audit trail; a new receiver's
// cursor comes with it, at the present end of the stream.
import { randomUUID } from 'node:crypto'
import { createAuditedCommit } from '@ronda/access/audit'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import { decodeJson } from '@ronda/backbone/record-codec'
import { AppError } from '@ronda/contracts/errors'
import type { FaultEvent } from '@ronda/contracts/fault'
import {
  type NewReceiver,
  Receiver,
  type ReceiverCursor,
  type ReceiverPatch,
  type ReceiverRow,
} from '@ronda/contracts/receiver'
import { heldFrom, rangeOf } from './rows.ts'
import type { Secrets } from './secrets.ts'

/** Each reads the stream for itself. */
const mostReceivers = 32
/** Notices that are given another chance in one commit. */
const redeliveredAtOnce = 100

export interface ReceiverWithSecret {
  receiver: Receiver
  /** Told this once. */
  secret: string
}

/** `by`: who asks, as the audit trail names them. All but `create` throw `not_found`. */
export interface Receivers {
  /** Throws `receiver_exists`, `receivers_full`, `validation_failed`. */
  create(receiver: NewReceiver, by: string): Promise<ReceiverWithSecret>
  /** Throws `revision_conflict`, `validation_failed`. */
  update(id: string, patch: ReceiverPatch, by: string): Promise<Receiver>
  remove(id: string, by: string): Promise<void>
  /** For `overlapS` notices are signed with the old secret as well; the one before it ends. */
  issueSecret(id: string, overlapS: number, by: string): Promise<ReceiverWithSecret>
  /** It answered 410; whatever somebody has changed at the same moment comes first. */
  disableGone(id: string, uid: string): Promise<void>
  /** Tries dead letters again: those of these ids, or all. Those that had no room are left. */
  redeliver(
    id: string,
    deliveryIds: readonly string[] | undefined,
    by: string,
  ): Promise<{ redelivered: number; left: number }>
  find(id: string): Promise<Row<ReceiverRow>>
}

export interface ReceiversDeps {
  backbone: Backbone
  secrets: Secrets
  /** What is wrong with an address; undefined when nothing is. */
  urlProblem: (url: string) => Promise<string | undefined>
  /** Notices that may wait for a receiver when dead letters are added to them. */
  mostWaiting: number
  /** ms UTC of stamped time. */
  now: () => number
  /** ms UTC by the system's clock. */
  systemNow: () => number
  /** Something was added to what waits for this receiver. */
  onRedelivered: (uid: string) => void
}

export function createReceivers(deps: ReceiversDeps): Receivers {
  const { backbone, secrets, urlProblem, mostWaiting, now, systemNow, onRedelivered } = deps
  const bucket = backbone.bucket('receivers')
  const commit = createAuditedCommit(backbone, now)

  async function check({ url }: Pick<Receiver, 'url'>): Promise<void> {
    const problem = await urlProblem(url)
    if (problem === undefined) return
    throw new AppError('validation_failed', 'nothing can be sent to this address', { problems: [`url: ${problem}`] })
  }

  async function find(id: string): Promise<Row<ReceiverRow>> {
    const row = await bucket.get(id)
    if (row === undefined) throw new AppError('not_found', `there is no receiver ${id}`)
    return row
  }

  /** `revision` is the one that the row has before: 0 where there is none. */
  function write(value: ReceiverRow, revision: number): Write {
    return { bucket: 'receivers', key: value.receiver.id, value, expectedRevision: revision }
  }

  async function presentEnd(): Promise<ReceiverCursor> {
    const stream = backbone.stream('faults')
    const [last] = await stream.readLast(1)
    const none = { epoch: stream.epoch, attempts: 0, failures: 0, notBefore: 0 }
    if (last === undefined) return { ...none, position: 0, ordinal: 0 }
    // The stream's only writer is the detector.
    const { source } = decodeJson(last.record) as FaultEvent
    return { ...none, position: last.position, ordinal: last.ordinal, seen: source }
  }

  return {
    find,

    async create(stated, by) {
      const { id } = stated
      if ((await bucket.get(id)) !== undefined) {
        throw new AppError('receiver_exists', `there is a receiver ${id}: change it, or choose another id`)
      }
      if ((await bucket.count()) >= mostReceivers) {
        throw new AppError(
          'receivers_full',
          `there are ${mostReceivers} receivers, and no more can be: remove one first`,
        )
      }
      await check(stated)
      const receiver: Receiver = { ...stated, revision: 1, createdAt: systemNow(), createdBy: by }
      const row: ReceiverRow = { receiver, uid: randomUUID(), generation: 1 }
      const cursor: Write = { bucket: 'receiver-cursors', key: row.uid, value: await presentEnd() }
      await commit({ who: by, did: 'created a receiver', what: id }, { writes: [write(row, 0), cursor] })
      return { receiver, secret: secrets.of(row.uid, row.generation) }
    },

    async update(id, { revision, ...patch }, by) {
      const row = await find(id)
      const { goneAt, ...receiver } = row.value.receiver
      if (revision !== undefined && revision !== receiver.revision) {
        throw new AppError('revision_conflict', `the receiver ${id} has revision ${receiver.revision}, not ${revision}`)
      }
      // Enabled by a person, it is not gone.
      const gone = goneAt === undefined || patch.enabled === true ? {} : { goneAt }
      const next = Receiver.parse({ ...receiver, ...gone, ...patch, revision: receiver.revision + 1 })
      if (patch.url !== undefined) await check(next)
      const writes = [write({ ...row.value, receiver: next }, row.revision)]
      await commit({ who: by, did: 'changed a receiver', what: id }, { writes })
      return next
    },

    async remove(id, by) {
      const { value, revision } = await find(id)
      const writes: Write[] = [
        { bucket: 'receivers', key: id, value: undefined, expectedRevision: revision },
        // What else belongs to it is swept away later.
        { bucket: 'receiver-cursors', key: value.uid, value: undefined },
      ]
      await commit({ who: by, did: 'removed a receiver', what: id }, { writes })
    },

    async issueSecret(id, overlapS, by) {
      const { value, revision } = await find(id)
      const { previous: _ended, ...row } = value
      const receiver = { ...row.receiver, revision: row.receiver.revision + 1 }
      const generation = row.generation + 1
      const previous = { generation: row.generation, until: systemNow() + overlapS * 1_000 }
      const next: ReceiverRow = { ...row, receiver, generation, ...(overlapS === 0 ? {} : { previous }) }
      await commit({ who: by, did: 'issued a secret to a receiver', what: id }, { writes: [write(next, revision)] })
      return { receiver, secret: secrets.of(row.uid, generation) }
    },

    async disableGone(id, uid) {
      const row = await bucket.get(id)
      if (row === undefined || row.value.uid !== uid) return
      const { receiver } = row.value
      const next: Receiver = { ...receiver, enabled: false, goneAt: systemNow(), revision: receiver.revision + 1 }
      const told = { who: `receiver:${id}`, did: 'answered 410 and was disabled', what: id }
      try {
        await commit(told, { writes: [write({ ...row.value, receiver: next }, row.revision)] })
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'revision_conflict') throw error
      }
    },

    async redeliver(id, deliveryIds, by) {
      const { uid } = (await find(id)).value
      const letters = await backbone.bucket('receiver-dead-letters').list(rangeOf(uid))
      const wanted = deliveryIds && new Set(deliveryIds)
      const chosen = letters.filter(({ value: { notice } }) => wanted === undefined || wanted.has(notice.deliveryId))
      const waiting = await backbone.bucket('receiver-held').count(rangeOf(uid))
      const admitted = chosen.slice(0, Math.max(0, mostWaiting - waiting))
      for (let at = 0; at < admitted.length; at += redeliveredAtOnce) {
        const some = admitted.slice(at, at + redeliveredAtOnce)
        const writes = some.flatMap(({ key, value: { notice }, revision }): Write[] => [
          { bucket: 'receiver-dead-letters', key, value: undefined, expectedRevision: revision },
          { bucket: 'receiver-held', key, value: heldFrom(systemNow(), notice, true) },
        ])
        const told = { who: by, did: 'redelivered dead letters of a receiver', what: `${id}: ${some.length}` }
        await commit(told, { writes })
        // At once: what comes after these may be refused.
        onRedelivered(uid)
      }
      return { redelivered: admitted.length, left: chosen.length - admitted.length }
    },
  }
}
