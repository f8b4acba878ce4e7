// What a device has measured and not yet delivered: bounded, oldest first, one message at a time on its way. What
// was on its way when the connection broke is sent again, so that nothing is lost but what overflows.
import { maxObjectsPerPayload, maxPayloadBytes } from '@ronda/contracts/telemetry'
import type { UplinkChannel } from '@ronda/contracts/topics'

export type ReadingChannel = Exclude<UplinkChannel, 'status'>

export interface Message {
  channel: ReadingChannel
  /** UTF-8 JSON: one object, or an array of them with the oldest first. */
  payload: string
  /** How many objects. */
  readings: number
}

export interface Outbox {
  /** Takes a reading as an object without `sentAt`. When there is no room the oldest of its channel is dropped. */
  add(channel: ReadingChannel, reading: object): void
  /** The next message, stamped with the time of sending; undefined when something is on its way or nothing waits. */
  next(sentAt: number): Message | undefined
  /** As many readings as the next message would carry, each in a message of its own, oldest first. */
  nextOneByOne(sentAt: number): Message[]
  /** All that was on its way has arrived. */
  delivered(): void
  /** What was on its way may be lost: it is the next again. */
  broken(): void
  /** Forgets everything, as a device does that loses its power. */
  clear(): void
  readonly waiting: number
  readonly dropped: number
}

/** Room for `,"sentAt":1234567890123` and a comma. */
const overheadBytes = 32

export function createOutbox(maxReadings: number): Outbox {
  // JSON texts, which take a third of the memory that objects do.
  const queues: Record<ReadingChannel, string[]> = { telemetry: [], event: [] }
  let onItsWay: { channel: ReadingChannel; texts: string[] } | undefined
  let dropped = 0

  const take = () => {
    if (onItsWay !== undefined) return undefined
    const channel = queues.telemetry.length > 0 ? 'telemetry' : 'event'
    const texts = takeBatch(queues[channel])
    if (texts.length > 0) onItsWay = { channel, texts }
    return onItsWay
  }
  const bound = (queue: string[]) => {
    const excess = queue.length - maxReadings
    if (excess <= 0) return
    queue.splice(0, excess)
    dropped += excess
  }

  return {
    add(channel, reading) {
      queues[channel].push(JSON.stringify(reading))
      bound(queues[channel])
    },
    next(sentAt) {
      const taken = take()
      if (taken === undefined) return undefined
      const { channel, texts } = taken
      const objects = texts.map((text) => stamped(text, sentAt))
      const payload = objects.length === 1 ? objects.join() : `[${objects.join()}]`
      return { channel, payload, readings: texts.length }
    },
    nextOneByOne(sentAt) {
      const { channel = 'telemetry', texts = [] } = take() ?? {}
      return texts.map((text) => ({ channel, payload: stamped(text, sentAt), readings: 1 }))
    },
    delivered() {
      onItsWay = undefined
    },
    broken() {
      if (onItsWay === undefined) return
      const { channel, texts } = onItsWay
      onItsWay = undefined
      queues[channel].unshift(...texts)
      bound(queues[channel])
    },
    clear() {
      queues.telemetry.length = 0
      queues.event.length = 0
      onItsWay = undefined
    },
    get waiting() {
      return queues.telemetry.length + queues.event.length + (onItsWay?.texts.length ?? 0)
    },
    get dropped() {
      return dropped
    },
  }
}

function stamped(text: string, sentAt: number): string {
  return `${text.slice(0, -1)},"sentAt":${sentAt}}`
}

/** Takes from the front as much as one payload may carry. All texts are ASCII, so a character is a byte. */
function takeBatch(queue: string[]): string[] {
  let bytes = 2
  let count = 0
  for (const text of queue) {
    bytes += text.length + overheadBytes
    if (count === maxObjectsPerPayload || (count > 0 && bytes > maxPayloadBytes)) break
    count += 1
  }
  return queue.splice(0, count)
}
