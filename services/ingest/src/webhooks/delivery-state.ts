// All that must survive a restart of the deliveries to one receiver: its cursor, what is put aside, what was given up,
// the rows of attempts. Each change is one commit, conditional on the cursor, so that nothing is written for a receiver
// that was removed meanwhile.
import type { Backbone, Write } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { DeadNotice, Delivery, HeldNotice, ReceiverCursor } from '@ronda/contracts/receiver'
import type { Limits } from './limits.ts'
import { keyOf, rangeOf } from './rows.ts'

export interface Change {
  /** As it is afterwards, but for the count of attempts. */
  cursor: ReceiverCursor
  /** Rows that are not of the state itself. */
  writes: readonly Write[]
  /** An attempt was made. */
  delivery?: Delivery
  /** Put aside, or with undefined not any more. */
  held?: { key: string; value: HeldNotice | undefined }
  dead?: { key: string; value: DeadNotice }
}

export interface DeliveryState {
  readonly cursor: ReceiverCursor
  /** By key, in the order of the stream. */
  readonly held: ReadonlyMap<string, HeldNotice>
  /** Reads again what is put aside: somebody else has added to it. */
  reload(): Promise<void>
  /** Throws `not_found` when the receiver was removed, `storage_full` and the like as `Backbone.commit`. */
  commit(change: Change): Promise<void>
}

/** Undefined when the receiver was removed. With `atOnce` whatever waits is due now. Throws `position_invalid`. */
export async function openDeliveryState(
  backbone: Backbone,
  uid: string,
  { limits, atOnce }: { limits: Pick<Limits, 'mostDeliveries' | 'mostDeadLetters'>; atOnce: boolean },
): Promise<DeliveryState | undefined> {
  const cursors = backbone.bucket('receiver-cursors')
  const found = await cursors.get(uid)
  if (found === undefined) return undefined
  const { epoch } = backbone.stream('faults')
  if (found.value.epoch !== epoch) {
    throw new AppError(
      'position_invalid',
      `a receiver of webhooks stands in the stream faults of epoch ${found.value.epoch}, this one is ${epoch}: they belong to different data directories`,
    )
  }
  let cursor: ReceiverCursor = atOnce ? { ...found.value, failures: 0, notBefore: 0 } : found.value
  let held = new Map<string, HeldNotice>()
  let dead = 0

  async function reload(): Promise<void> {
    const rows = await backbone.bucket('receiver-held').list(rangeOf(uid))
    held = new Map(rows.map(({ key, value }) => [key, value]))
    dead = await backbone.bucket('receiver-dead-letters').count(rangeOf(uid))
  }

  /** The oldest gives way to a new one. */
  async function makeRoom(): Promise<Write[]> {
    if (dead < limits.mostDeadLetters) return []
    const oldest = await backbone.bucket('receiver-dead-letters').list({ ...rangeOf(uid), limit: 1 })
    return oldest.map(({ key }) => ({ bucket: 'receiver-dead-letters', key, value: undefined }))
  }

  /** Writes if the cursor is there still. */
  async function commitWithCursor(next: ReceiverCursor, writes: readonly Write[]): Promise<void> {
    const row = await cursors.get(uid)
    if (row === undefined) throw removed()
    const write: Write = { bucket: 'receiver-cursors', key: uid, value: next, expectedRevision: row.revision }
    try {
      await backbone.commit({ writes: [write, ...writes] })
    } catch (error) {
      // Nobody else writes it: it went between the two.
      throw error instanceof AppError && error.code === 'revision_conflict' ? removed() : error
    }
  }

  await reload()
  if (atOnce) for (const [key, value] of held) held.set(key, { ...value, nextAt: 0 })
  return {
    get cursor() {
      return cursor
    },
    get held() {
      return held
    },
    reload,
    async commit(change) {
      const attempts = cursor.attempts + (change.delivery === undefined ? 0 : 1)
      const next: ReceiverCursor = { ...change.cursor, attempts }
      const writes: Write[] = [...change.writes]
      if (change.delivery !== undefined) {
        writes.push({ bucket: 'receiver-deliveries', key: keyOf(uid, attempts), value: change.delivery })
        const oldest = attempts - limits.mostDeliveries
        if (oldest > 0) writes.push({ bucket: 'receiver-deliveries', key: keyOf(uid, oldest), value: undefined })
      }
      if (change.held !== undefined) writes.push({ bucket: 'receiver-held', ...change.held })
      const dropped = change.dead === undefined ? [] : await makeRoom()
      if (change.dead !== undefined) writes.push(...dropped, { bucket: 'receiver-dead-letters', ...change.dead })
      await commitWithCursor(next, writes)
      cursor = next
      if (change.dead !== undefined) dead += 1 - dropped.length
      if (change.held === undefined) return
      const { key, value } = change.held
      if (value === undefined) held.delete(key)
      else held.set(key, value)
    },
  }
}

function removed(): AppError {
  return new AppError('not_found', 'the receiver was removed')
}
