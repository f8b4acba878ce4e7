// From a message to the subscribers who are connected: what Aedes asks of its `mq`. A delivery is handed to each
// subscriber and not waited for, so that one who does not read holds nobody up; how much may wait for such a one
// is decided in subscribe.ts.
import type { PublishPacket } from 'aedes'
import { createTopicIndex } from './topic-index.ts'

type Deliver = (packet: PublishPacket, done: () => void) => void

/** The port of Aedes, see mqemitter. */
export interface Deliveries {
  on(filter: string, deliver: Deliver, done?: () => void): void
  removeListener(filter: string, deliver: Deliver, done?: () => void): void
  emit(packet: PublishPacket, done?: () => void): void
  close(done: () => void): void
  /** Whether anybody who is connected listens to this topic. */
  hears(topic: string): boolean
}

export function createDeliveries(): Deliveries {
  const subscribers = createTopicIndex<Deliver>()

  return {
    on(filter, deliver, done) {
      // Aedes' own, for what brokers of a cluster tell each other: there is one broker, and nobody else may listen.
      if (!filter.startsWith('$SYS/')) subscribers.add(filter, deliver)
      done?.()
    },
    removeListener(filter, deliver, done) {
      subscribers.remove(filter, deliver)
      done?.()
    },
    emit(packet, done) {
      for (const deliver of subscribers.match(packet.topic)) deliver(packet, noop)
      done?.()
    },
    close: (done) => done(),
    hears: (topic) => subscribers.match(topic).length > 0,
  }
}

function noop(): void {}
