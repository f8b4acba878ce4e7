// Retained messages, in memory; which are kept is decided in accept.ts. After a restart only status is rebuilt, from
// its bucket (retained-status.ts).
import type { PublishPacket } from 'aedes'
import { createTopicIndex, hasWildcard } from './topic-index.ts'

export interface Retained {
  /** Takes the place of what was retained on its topic; an empty payload only removes that [MQTT-3.3.1-10]. */
  store(packet: PublishPacket): void
  forget(topic: string): void
  /** For each filter what matches it, as long as it is asked. */
  matching(filters: readonly string[]): Iterable<PublishPacket>
}

export function createRetained(): Retained {
  const byTopic = new Map<string, PublishPacket>()

  function* matching(filters: readonly string[]): Iterable<PublishPacket> {
    for (const filter of filters) {
      if (!hasWildcard(filter)) {
        const packet = byTopic.get(filter)
        if (packet !== undefined) yield packet
        continue
      }
      const index = createTopicIndex<true>()
      index.add(filter, true)
      for (const packet of byTopic.values()) if (index.match(packet.topic).length > 0) yield packet
    }
  }

  return {
    store(packet) {
      if (packet.payload.length === 0) byTopic.delete(packet.topic)
      else byTopic.set(packet.topic, { ...packet })
    },
    forget: (topic) => void byTopic.delete(topic),
    matching,
  }
}
