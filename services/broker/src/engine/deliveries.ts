// From a message to the subscribers who are connected. Each gets it once, at the lower of the QoS it was published
// with and the highest it was granted on a filter that matches [MQTT-3.3.5-1] [MQTT-3.8.4-6]. It is handed to each and
// not waited for, so that one who does not read holds nobody up; how much may wait for such a one is decided in
// subscribe.ts.
import type { AedesPublishPacket } from 'aedes'
import type { AedesClient, QoS } from './aedes-client.ts'
import { createTopicIndex } from './topic-index.ts'

export interface Subscriber {
  client: AedesClient
  qos: QoS
}

export interface Deliveries {
  /** A filter was granted; it takes the place of what the client had on it. */
  subscribe(client: AedesClient, filter: string, qos: QoS): void
  unsubscribe(client: AedesClient, filter: string): void
  /** The client has gone. */
  leave(client: AedesClient): void
  /** Filters of a client. */
  count(client: AedesClient): number
  /** The highest QoS that the client was granted for a topic. */
  grantedOn(client: AedesClient, topic: string): QoS
  /** To everybody who is connected and listens to its topic. */
  send(packet: AedesPublishPacket): void
}

/** The `mq` of Aedes, see mqemitter: it would keep a function for each filter, but who subscribed is known here. */
export const noMq = {
  on: (_filter: string, _deliver: unknown, done?: () => void) => done?.(),
  removeListener: (_filter: string, _deliver: unknown, done?: () => void) => done?.(),
  // Of its own birth only, before `forward.ts` takes over.
  emit: (_packet: unknown, done?: () => void) => done?.(),
  close: (done: () => void) => done(),
}

export function createDeliveries(): Deliveries {
  const subscribers = createTopicIndex<Subscriber>()
  const byClient = new Map<AedesClient, Map<string, Subscriber>>()

  function unsubscribe(client: AedesClient, filter: string): void {
    const own = byClient.get(client)
    const subscriber = own?.get(filter)
    if (own === undefined || subscriber === undefined) return
    subscribers.remove(filter, subscriber)
    own.delete(filter)
    if (own.size === 0) byClient.delete(client)
  }

  return {
    subscribe(client, filter, qos) {
      unsubscribe(client, filter)
      const subscriber = { client, qos }
      subscribers.add(filter, subscriber)
      const own = byClient.get(client) ?? new Map<string, Subscriber>()
      byClient.set(client, own.set(filter, subscriber))
    },
    unsubscribe,
    leave(client) {
      for (const filter of byClient.get(client)?.keys() ?? []) unsubscribe(client, filter)
    },
    count: (client) => byClient.get(client)?.size ?? 0,
    grantedOn(client, topic) {
      const own = subscribers.match(topic).filter((each) => each.client === client)
      return highestOfEach(own, clientOf)[0]?.qos ?? 0
    },
    send(packet) {
      for (const { client, qos } of highestOfEach(subscribers.match(packet.topic), clientOf)) {
        const exact = client.subscriptions[packet.topic]
        if (exact !== undefined) exact.qos = qos
        client.deliverQoS({ ...packet, qos: lower(packet.qos, qos) }, noop)
      }
    },
  }
}

function clientOf({ client }: Subscriber): AedesClient {
  return client
}

/** One for each subscriber, however many of its filters match. */
export function highestOfEach<T extends { qos: QoS }>(
  matching: readonly T[],
  subscriberOf: (each: T) => unknown,
): readonly T[] {
  if (matching.length < 2) return matching
  const highest = new Map<unknown, T>()
  for (const each of matching) {
    const subscriber = subscriberOf(each)
    if ((highest.get(subscriber)?.qos ?? -1) < each.qos) highest.set(subscriber, each)
  }
  return [...highest.values()]
}

export function lower(a: QoS, b: QoS): QoS {
  return a < b ? a : b
}

function noop(): void {}
