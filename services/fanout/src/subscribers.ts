// All who listen: gives each batch of news to the live readers of every group, wakes those who are behind, and
// tells the live ones regularly how the detector is and what the alarm figures are.
import type { FaultFilter } from '@ronda/contracts/fault'
import type { AlarmMessages } from './alarm-messages.ts'
import type { CursorCodec } from './cursor.ts'
import type { DetectorWatch } from './detector-watch.ts'
import type { DecodedEvent } from './fault-event.ts'
import type { Feed } from './feed.ts'
import { eventBytes, messageBytes } from './frames.ts'
import { type Group, createGroups } from './groups.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Outlet } from './outlet.ts'
import { type Reader, createReader } from './reader.ts'
import { nextTurn } from './turns.ts'

export interface Subscribers {
  /** Begins with a snapshot, or after the cursor `resume`. Whoever subscribed unsubscribes once. */
  subscribe(outlet: Outlet, filter: FaultFilter, resume: string | undefined): Subscriber
  /** News that the view has just taken in. */
  deliver(news: readonly DecodedEvent[]): void
  sendStatus(): void
  /** To those whose figures changed. */
  sendAlarmMetrics(): Promise<void>
  count(): { live: number; behind: number }
}

export interface Subscriber extends Pick<Reader, 'wake' | 'stalledSince'> {
  unsubscribe(): void
}

export interface SubscribersDeps {
  feed: Feed
  cursors: CursorCodec
  detector: DetectorWatch
  alarms: AlarmMessages
  limits: Limits
  metrics: Metrics
}

export function createSubscribers(deps: SubscribersDeps): Subscribers {
  const { feed, cursors, detector, alarms, limits, metrics } = deps
  const groups = createGroups({ feed, cursors, snapshotAgeEvents: limits.snapshotAgeEvents })
  const behind = new Set<Reader>()

  function statusBytes(group: Group): Buffer {
    return messageBytes({ type: 'status', cursor: cursors.at(feed.place, group.tag), ...detector.status() })
  }

  return {
    subscribe(outlet, filter, resume) {
      const group = groups.join(filter)
      const reader = createReader({
        group,
        outlet,
        feed,
        cursors,
        limits,
        metrics,
        resume,
        onLive(joined) {
          behind.delete(joined)
          outlet.write(alarms.current(group))
          // Says to the client that it has caught up.
          outlet.write(statusBytes(group))
        },
        onBehind: (left) => behind.add(left),
      })
      behind.add(reader)
      reader.wake()
      return {
        wake: reader.wake,
        get stalledSince() {
          return reader.stalledSince
        },
        unsubscribe() {
          reader.end()
          behind.delete(reader)
          groups.leave(group)
        },
      }
    },

    deliver(news) {
      metrics.events.inc(news.length)
      for (const group of groups.values()) {
        if (group.live.size === 0) continue
        const found = eventBytes(news, group, cursors)
        if (found === undefined) continue
        metrics.deliveries.inc(found.messages * group.live.size)
        for (const reader of group.live) reader.send(found.bytes)
      }
      for (const reader of behind) reader.wake()
    },

    sendStatus() {
      for (const group of groups.values()) {
        if (group.live.size === 0) continue
        const bytes = statusBytes(group)
        for (const reader of group.live) reader.send(bytes)
      }
    },

    async sendAlarmMetrics() {
      for (const group of groups.values()) {
        if (group.live.size === 0) continue
        const bytes = alarms.changed(group)
        if (bytes !== undefined) for (const reader of group.live) reader.send(bytes)
        await nextTurn()
      }
    },

    count() {
      let live = 0
      for (const group of groups.values()) live += group.live.size
      return { live, behind: behind.size }
    },
  }
}
