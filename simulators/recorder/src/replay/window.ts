// How much may be on its way and not yet acknowledged, over all connections: this is what holds a replay back when the
// broker is slow, and what bounds its memory.
import { EventEmitter, once } from 'node:events'

export interface Window {
  /** Resolves when there is room, and takes it; rejects when the signal aborts. */
  enter(bytes: number, signal: AbortSignal): Promise<void>
  leave(bytes: number): void
  /** Resolves when nothing is on its way; rejects when the signal aborts. */
  empty(signal: AbortSignal): Promise<void>
  readonly messages: number
}

export function createWindow(most: { messages: number; bytes: number }): Window {
  const emitter = new EventEmitter()
  let messages = 0
  let bytes = 0
  const isFull = (more: number) => messages > 0 && (messages >= most.messages || bytes + more > most.bytes)
  return {
    async enter(size, signal) {
      while (isFull(size)) await once(emitter, 'left', { signal })
      messages++
      bytes += size
    },
    leave(size) {
      messages--
      bytes -= size
      emitter.emit('left')
    },
    async empty(signal) {
      while (messages > 0) await once(emitter, 'left', { signal })
    },
    get messages() {
      return messages
    },
  }
}
