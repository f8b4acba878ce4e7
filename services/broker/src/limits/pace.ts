// How fast a device may publish: a token bucket for each, shared by its connections, from which every message takes
// one. While it is empty the device's streams are not read (in-flight.ts asks), so that nothing is lost, QoS 0 waits
// as well, and PUBACKs go on. What was read already is taken, so a bucket may owe for one chunk, and waits for that.
import type { Duplex } from 'node:stream'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { AedesClient } from '../engine/aedes-client.ts'
import type { Connection } from '../connections.ts'

/** What a bucket holds, in ms of its rate: a burst, as after an outage. */
export const depthMs = 10_000
/** A gateway speaks for many. */
const gatewayTimes = 20
const releaseMs = 100
/** Whoever was held back within this time is still at it. */
const quietMs = 60_000

export interface Bucket {
  /** In which one token comes; 0 without a limit. */
  readonly msPerMessage: number
  /** When it will be full, ms. */
  fullAt: number
  /** When it last held a stream back, ms. */
  heldAt: number
}

export interface PaceDeps {
  /** Of a device in the long run; 0 for no limit. */
  messagesPerSecond: number
  /** ms, never going back. */
  now: () => number
  /** A device begins to be held back. */
  onHeld: (connection: Connection) => void
  /** The stream may be read again, or has ended. */
  release: (stream: Duplex) => void
}

export interface Pace {
  /** Of a device, `device:ID`, that connects. */
  bucketOf(name: string, kind: DeviceKind | undefined): Bucket
  /** The device has gone: what its bucket owes, it owes when it comes back. */
  keep(name: string, bucket: Bucket): void
  /** Takes a token for a message. */
  spend(bucket: Bucket): void
  /** Whether the stream has to wait; then it will be released. */
  holds(stream: Duplex): boolean
  /** Streams that wait. */
  readonly held: number
  stop(): void
}

export function createPace({ messagesPerSecond, now, onHeld, release }: PaceDeps): Pace {
  const held = new Set<Duplex>()
  /** Of devices that have gone. */
  const kept = new Map<string, Bucket>()

  function releaseWaiting(): void {
    const at = now()
    for (const stream of held) {
      const bucket = connectionOf(stream)?.bucket
      if (bucket !== undefined && !stream.destroyed) {
        if (isEmpty(bucket, at)) continue
        bucket.heldAt = at
      }
      // If it comes again it comes last, so that the connections of a device take turns.
      held.delete(stream)
      release(stream)
    }
    for (const [name, bucket] of kept) if (bucket.fullAt <= at) kept.delete(name)
  }

  const timer = setInterval(releaseWaiting, releaseMs)
  return {
    bucketOf(name, kind) {
      const known = kept.get(name)
      if (known !== undefined) return known
      const perSecond = messagesPerSecond * (kind === 'gateway' ? gatewayTimes : 1)
      return createBucket(perSecond)
    },
    keep(name, bucket) {
      if (bucket.fullAt > now()) kept.set(name, bucket)
    },
    spend: (bucket) => spend(bucket, now()),
    holds(stream) {
      const connection = connectionOf(stream)
      if (connection === undefined) return false
      const { bucket } = connection
      const at = now()
      if (!isEmpty(bucket, at)) return false
      held.add(stream)
      if (at - bucket.heldAt > quietMs) onHeld(connection)
      bucket.heldAt = at
      return true
    },
    get held() {
      return held.size
    },
    stop: () => clearInterval(timer),
  }
}

export function createBucket(messagesPerSecond: number): Bucket {
  return { msPerMessage: messagesPerSecond === 0 ? 0 : 1_000 / messagesPerSecond, fullAt: 0, heldAt: -Infinity }
}

export function spend(bucket: Bucket, now: number): void {
  bucket.fullAt = Math.max(bucket.fullAt, now) + bucket.msPerMessage
}

/** Whether it has no whole token. */
export function isEmpty(bucket: Bucket, now: number): boolean {
  return bucket.fullAt - now > depthMs - bucket.msPerMessage
}

function connectionOf(stream: Duplex): Connection | undefined {
  // Aedes puts its client on every stream that it handles, and only such streams are asked about.
  return (stream as Duplex & { client?: AedesClient }).client?.connection
}
