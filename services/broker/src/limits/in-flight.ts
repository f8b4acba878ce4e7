// What was read but is not acknowledged yet is bounded, per connection and in all: beyond, streams are not
// read, TCP holds the devices back, and memory stays flat however long the log stalls.
//
// Aedes pulls each chunk with `stream.read()` and asks again whenever one of its packets is done; there is no
// public way to hold it. Answering `null`, as a stream does that has nothing, is one: the stream is parked,
// and a `readable` event, as from a stream that has something again, goes on.
import type { Duplex } from 'node:stream'

export interface InFlightLimits {
  /** Bytes of one connection's unacknowledged messages. A chunk that was begun is read whole: 64 KiB more. */
  connectionBytes: number
  /** Bytes of all unacknowledged messages. */
  totalBytes: number
}

export interface InFlight {
  /** Puts the stream under the limits, before Aedes gets it. */
  guard(stream: Duplex): void
  add(stream: Duplex, bytes: number): void
  /** The message was acknowledged or refused. */
  remove(stream: Duplex, bytes: number): void
  /** Reads no stream until the end of the process. */
  stopReading(): void
  readonly bytes: number
  readonly messages: number
  /** Whoever held the stream back does so no longer. */
  resume(stream: Duplex): void
  /** Streams that wait for room, or are held back. */
  readonly parked: ReadonlySet<Duplex>
  /** Resolves when nothing is in flight. */
  drained(): Promise<void>
}

export function createInFlight(
  { connectionBytes, totalBytes }: InFlightLimits,
  isHeld: (stream: Duplex) => boolean,
): InFlight {
  /** Of the streams that have anything in flight. */
  const bytesOf = new Map<Duplex, number>()
  const parked = new Set<Duplex>()
  let bytes = 0
  let messages = 0
  let stopped = false
  let whenDrained: (() => void)[] = []

  function mayRead(stream: Duplex): boolean {
    return !stopped && bytes < totalBytes && (bytesOf.get(stream) ?? 0) < connectionBytes && !isHeld(stream)
  }

  // One function for all streams: a connection is to cost little.
  function read(this: Duplex, size?: number): unknown {
    if (mayRead(this)) return (Object.getPrototypeOf(this) as Duplex).read.call(this, size)
    if (!this.destroyed) parked.add(this)
    return null
  }

  function closed(this: Duplex): void {
    parked.delete(this)
  }

  function unpark(stream: Duplex): void {
    parked.delete(stream)
    if (!stream.destroyed) stream.emit('readable')
  }

  /** In the order in which they were parked, as long as there is room. */
  function unparkWaiting(): void {
    for (const stream of parked) {
      if (bytes >= totalBytes) return
      if (mayRead(stream)) unpark(stream)
    }
  }

  return {
    guard(stream) {
      stream.read = read
      stream.on('close', closed)
    },
    add(stream, messageBytes) {
      bytes += messageBytes
      messages++
      bytesOf.set(stream, (bytesOf.get(stream) ?? 0) + messageBytes)
    },
    remove(stream, messageBytes) {
      const wasFull = bytes >= totalBytes
      bytes -= messageBytes
      messages--
      const left = (bytesOf.get(stream) ?? 0) - messageBytes
      if (left > 0) bytesOf.set(stream, left)
      else bytesOf.delete(stream)
      if (wasFull && bytes < totalBytes) setImmediate(unparkWaiting)
      else if (parked.size > 0 && parked.has(stream) && mayRead(stream)) unpark(stream)
      if (messages === 0) {
        for (const resolve of whenDrained) resolve()
        whenDrained = []
      }
    },
    resume(stream) {
      if (parked.has(stream) && (stream.destroyed || mayRead(stream))) unpark(stream)
    },
    stopReading() {
      stopped = true
    },
    get bytes() {
      return bytes
    },
    get messages() {
      return messages
    },
    parked,
    drained: () => (messages === 0 ? Promise.resolve() : new Promise((resolve) => whenDrained.push(resolve))),
  }
}
