// Keys of what belongs to a receiver: `uid.rest`, so that one range holds all of one receiver, in order; what is put
// aside for it; and what the janitor takes away of it.
import type { Backbone, BucketName, KeyRange, Write } from '@ronda/backbone/backbone'
import type { HeldNotice, Notice } from '@ronda/contracts/receiver'

/** Rows that go in one commit. */
const rowsPerCommit = 500
const maxAgeMs = 30 * 24 * 3_600_000

const bucketsByUid = [
  'receiver-held',
  'receiver-dead-letters',
  'receiver-deliveries',
  'receiver-announced',
] as const satisfies readonly BucketName[]

/** Eleven digits in base 36 hold every safe integer. */
function digits(n: number): string {
  return n.toString(36).padStart(11, '0')
}

export function keyOf(uid: string, rest: number | string): string {
  return `${uid}.${typeof rest === 'number' ? digits(rest) : rest}`
}

/**
 * A notice that nobody has tried to send. Its time begins now, not with its first attempt: behind a fault that never
 * gets through each would otherwise wait for a day of its own. `now`: ms UTC by the system's clock.
 */
export function heldFrom(now: number, notice: Notice, redelivered = false): HeldNotice {
  return { notice, attempts: 0, firstAt: now, nextAt: 0, redelivered }
}

/** All keys of a receiver; '/' is what follows '.'. */
export function rangeOf(uid: string): Required<KeyRange> {
  return { after: `${uid}.`, before: `${uid}/` }
}

/**
 * Deletes the rows of receivers that are no more, attempts and dead letters older than 30 days; a bounded number each
 * time. `now`: ms UTC by the system's clock.
 */
export async function sweepReceivers(backbone: Backbone, now: number): Promise<void> {
  const receivers = await backbone.bucket('receivers').list()
  const uids = new Set(receivers.map(({ value: { uid } }) => uid))
  const writes: Write[] = []
  for (const name of bucketsByUid) {
    const bucket = backbone.bucket(name)
    // From one receiver's first row to the next receiver's.
    let [first] = await bucket.list({ limit: 1 })
    while (first !== undefined && writes.length < rowsPerCommit) {
      const uid = first.key.slice(0, first.key.indexOf('.'))
      const range = rangeOf(uid)
      if (!uids.has(uid)) {
        for (const { key } of await bucket.list({ ...range, limit: rowsPerCommit })) {
          writes.push({ bucket: name, key, value: undefined })
        }
      }
      ;[first] = await bucket.list({ after: range.before, limit: 1 })
    }
  }
  for (const uid of uids) {
    for (const name of ['receiver-deliveries', 'receiver-dead-letters'] as const) {
      const bucket = backbone.bucket(name)
      const isOld = ({ value }: { value: { at: number } }) => value.at < now - maxAgeMs
      // The first is the oldest, or nearly.
      if (!(await bucket.list({ ...rangeOf(uid), limit: 1 })).some(isOld)) continue
      const rows = await bucket.list({ ...rangeOf(uid), limit: rowsPerCommit })
      for (const { key } of rows.filter(isOld)) writes.push({ bucket: name, key, value: undefined })
    }
  }
  if (writes.length > 0) await backbone.commit({ writes })
}
