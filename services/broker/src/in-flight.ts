// What was read but is not acknowledged yet is bounded, per connection and in all: beyond, sockets are not
// read, TCP holds the devices back, and memory stays flat however long the log stalls.
//
// Aedes pulls each chunk with `socket.read()` and asks again whenever one of its packets is done; there is no
// public way to hold it. Answering `null`, as a stream does that has nothing, is one: the socket is parked,
// and a `readable` event, as from a stream that has something again, goes on.
import type { Socket } from 'node:net'

export interface InFlightLimits {
  /** Bytes of one connection's unacknowledged messages. A chunk that was begun is read whole: 64 KiB more. */
  connectionBytes: number
  /** Bytes of all unacknowledged messages. */
  totalBytes: number
}

export interface InFlight {
  /** Puts the socket under the limits, before Aedes gets it. */
  guard(socket: Socket): void
  add(socket: Socket, bytes: number): void
  /** The message was acknowledged or refused. */
  remove(socket: Socket, bytes: number): void
  /** Reads no socket until the end of the process. */
  stopReading(): void
  readonly bytes: number
  readonly messages: number
  /** Sockets that wait for room. */
  readonly parked: ReadonlySet<Socket>
  /** Resolves when nothing is in flight. */
  drained(): Promise<void>
}

export function createInFlight({ connectionBytes, totalBytes }: InFlightLimits): InFlight {
  /** Of the sockets that are open. */
  const bytesOf = new Map<Socket, number>()
  const parked = new Set<Socket>()
  let bytes = 0
  let messages = 0
  let stopped = false
  let whenDrained: (() => void)[] = []

  function mayRead(socket: Socket): boolean {
    return !stopped && bytes < totalBytes && (bytesOf.get(socket) ?? 0) < connectionBytes
  }

  function addTo(socket: Socket, messageBytes: number): void {
    const before = bytesOf.get(socket)
    // A will comes after its socket's end.
    if (before !== undefined) bytesOf.set(socket, before + messageBytes)
  }

  function unpark(socket: Socket): void {
    parked.delete(socket)
    if (!socket.destroyed) socket.emit('readable')
  }

  /** In the order in which they were parked, as long as there is room. */
  function unparkWaiting(): void {
    for (const socket of parked) {
      if (bytes >= totalBytes) return
      if (mayRead(socket)) unpark(socket)
    }
  }

  return {
    guard(socket) {
      const read = socket.read.bind(socket)
      socket.read = (size) => {
        if (mayRead(socket)) return read(size)
        parked.add(socket)
        return null
      }
      bytesOf.set(socket, 0)
      socket.once('close', () => {
        parked.delete(socket)
        bytesOf.delete(socket)
      })
    },
    add(socket, messageBytes) {
      bytes += messageBytes
      messages++
      addTo(socket, messageBytes)
    },
    remove(socket, messageBytes) {
      const wasFull = bytes >= totalBytes
      bytes -= messageBytes
      messages--
      addTo(socket, -messageBytes)
      if (wasFull && bytes < totalBytes) setImmediate(unparkWaiting)
      else if (parked.has(socket) && mayRead(socket)) unpark(socket)
      if (messages === 0) {
        for (const resolve of whenDrained) resolve()
        whenDrained = []
      }
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
