// A courier for every receiver that is enabled: started, replaced and ended as the bucket `receivers` changes, woken by
// the stream `faults`. A receiver that is down, slow or broken holds up its own courier only.
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { Delivery, ReceiverRow } from '@ronda/contracts/receiver'
import { type Notice, mostNotices } from '@ronda/contracts/record'
import type { Logger } from '@ronda/runtime/log'
import { type Courier, openCourier } from './courier.ts'
import type { Limits } from './limits.ts'
import type { Post } from './post.ts'
import type { Secrets } from './secrets.ts'

/** Only to be woken: nobody decodes these. */
const batchLimit = { records: 10_000, bytes: 4e6 }

export interface ReceiverFigures {
  receiver: string
  /** Attempts since the start, by outcome. */
  attempts: Readonly<Record<Delivery['outcome'], number>>
  /** ms of stamped time. */
  queueAgeMs: number
}

export interface Dispatcher {
  /** Runs until the signal aborts; rejects on a bug, or a position that is not of the stream. */
  run(signal: AbortSignal): Promise<void>
  /** Something was added to what waits for a receiver. */
  reload(uid: string): void
  figures(): ReceiverFigures[]
  /** What people should look into. */
  notices(): Notice[]
}

export interface DispatcherDeps {
  backbone: Backbone
  secrets: Secrets
  post: Post
  limits: Limits
  /** ms UTC of stamped time. */
  now: () => number
  /** Stamped ms in one real ms. */
  timeScale: number
  /** ms UTC by the system's clock. */
  systemNow: () => number
  disableGone: (id: string, uid: string) => Promise<void>
  log: Logger
}

/** A receiver as it is now, and the courier that works for it. */
interface Desk {
  row: ReceiverRow
  /** Undefined while it is opened, and for one that is disabled. */
  courier: Courier | undefined
  /** No more than the attempt under way. */
  finished: boolean
  ended: Promise<void>
  attempts: Record<Delivery['outcome'], number>
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { backbone, limits, now, timeScale, systemNow, log } = deps
  /** By the receiver's id. */
  const desks = new Map<string, Desk>()

  async function work(desk: Desk, before: Desk | undefined, signal: AbortSignal): Promise<void> {
    const { row, attempts } = desk
    const { id, enabled } = row.receiver
    // The new one goes on where the one before has come to; what failed for that one may work now.
    await before?.ended
    if (!enabled || desk.finished || signal.aborted) return
    desk.courier = await openCourier({
      ...deps,
      row,
      atOnce: before !== undefined,
      onAttempt: (outcome) => void attempts[outcome]++,
      onGone: () => deps.disableGone(id, row.uid),
      log: log.child({ receiver: id }),
    })
    if (desk.finished) return
    await desk.courier?.run(signal)
  }

  function open(row: ReceiverRow, signal: AbortSignal, onFailure: (error: unknown) => void): void {
    const { id } = row.receiver
    const before = desks.get(id)
    if (before !== undefined) finish(before)
    const attempts = before?.attempts ?? { delivered: 0, failed: 0, 'dead-letter': 0 }
    const desk: Desk = { row, courier: undefined, finished: false, ended: Promise.resolve(), attempts }
    desk.ended = work(desk, before, signal).catch((error: unknown) => {
      // It was removed, and what its courier was about to keep is of no use any more.
      if (error instanceof AppError && error.code === 'not_found') return
      onFailure(error)
    })
    desks.set(id, desk)
  }

  function finish(desk: Desk): void {
    desk.finished = true
    desk.courier?.finish()
  }

  return {
    async run(signal) {
      const failed = Promise.withResolvers<never>()
      const { position } = await backbone.stream('faults').head()
      const { rows, changes } = await backbone.bucket('receivers').watch(signal)
      for (const { value } of rows) open(value, signal, failed.reject)

      async function followReceivers(): Promise<void> {
        for await (const batch of changes) {
          for (const { key, value } of batch) {
            const desk = desks.get(key)
            if (value !== undefined) open(value, signal, failed.reject)
            else if (desk !== undefined) {
              finish(desk)
              desks.delete(key)
            }
          }
        }
      }
      async function followFaults(): Promise<void> {
        for await (const _ of backbone.stream('faults').follow(position, batchLimit, signal)) {
          for (const { courier } of desks.values()) courier?.wake()
        }
      }
      await Promise.race([failed.promise, Promise.all([followReceivers(), followFaults()])])
      await Promise.all(Array.from(desks.values(), ({ ended }) => ended))
    },

    reload(uid) {
      for (const { row, courier } of desks.values()) if (row.uid === uid) courier?.reload()
    },

    figures: () =>
      Array.from(desks, ([receiver, { courier, attempts }]) => {
        const oldestAt = courier?.oldestAt
        return { receiver, attempts, queueAgeMs: oldestAt === undefined ? 0 : Math.max(0, now() - oldestAt) }
      }),

    notices() {
      const stampedOf = (at: number) => Math.round(now() - (systemNow() - at) * timeScale)
      const notices = Array.from(desks, ([id, { row, courier }]): Notice[] => {
        const who = `receiver:${id}`
        const { goneAt } = row.receiver
        if (goneAt !== undefined) return [{ code: 'receiver_gone', who, since: stampedOf(goneAt) }]
        const since = courier?.failingSince
        if (since === undefined || systemNow() - since < limits.tellFailingMs) return []
        return [{ code: 'receiver_failing', who, since: stampedOf(since) }]
      })
      return notices.flat().slice(-mostNotices)
    },
  }
}
