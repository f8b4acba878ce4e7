// What is sent to whom: a subscription has to be allowed, and a subscriber has to read.
import type { Client, Subscription } from 'aedes'
import { type AedesClient, type NumberedPacket, asAedesClient } from './engine/aedes-client.ts'
import { type Deliveries, lower } from './engine/deliveries.ts'
import { createMessageIds } from './engine/message-ids.ts'
import { mayListen } from './principals.ts'
import { type Sessions, noSubscription } from './engine/sessions.ts'
import type { Trail } from './trail.ts'

/** What may wait to be read by a subscriber before it is sent away. */
const mostUnreadBytes = 1024 * 1024
/** Filters of one connection; a service that wants more wants a wider one. */
const mostSubscriptions = 1_000

export interface SubscribeDeps {
  city: string
  sessions: Sessions
  deliveries: Deliveries
  trail: Trail
}

export interface Subscribe {
  /** For Aedes: `null` is answered with 0x80, failure [MQTT-3.9.3-2]. */
  authorizeSubscribe(
    client: Client,
    subscription: Subscription,
    done: (error: Error | null, subscription?: Subscription | null) => void,
  ): void
  /** For Aedes, of every delivery: the packet, or `null` when it is not to be sent now. */
  authorizeForward(client: Client, packet: NumberedPacket): NumberedPacket | null
}

export function createSubscribe({ city, sessions, deliveries, trail }: SubscribeDeps): Subscribe {
  return {
    authorizeSubscribe(subscriber, subscription, done) {
      const client = asAedesClient(subscriber)
      const { connection } = client
      const { topic: filter, qos } = subscription
      const may =
        connection !== undefined &&
        mayListen(city, connection.principal, filter) &&
        deliveries.count(client) < mostSubscriptions
      if (may) {
        deliveries.subscribe(client, filter, qos)
        sessions.subscribe(client, filter, qos)
        done(null, subscription)
        return
      }
      if (filter !== noSubscription.topic) {
        trail.refused(connection?.name ?? '', 'subscribe to', filter, 'mqtt_subscribe_refused')
      }
      done(null, null)
    },

    authorizeForward(subscriber, packet) {
      const client = asAedesClient(subscriber)
      if (client.conn.writableLength > mostUnreadBytes) {
        endSlow(client)
        return null
      }
      // Nothing comes before CONNACK [MQTT-3.2.0-1].
      if (!client.connackSent) return null
      if (packet.retain) packet.qos = lower(packet.qos, deliveries.grantedOn(client, packet.topic))
      const isNew = packet.messageId === undefined
      if (packet.qos === 0 || !isNew) return packet
      if (!client.clean && !sessions.isResumed(client)) {
        // It must not pass what waits in its session, where it is already unless it is retained [MQTT-4.6.0-6].
        if (packet.retain) sessions.keepRetained(client, packet)
        return null
      }
      const messageId = (client.messageIds ??= createMessageIds()).take()
      if (messageId === undefined) {
        endSlow(client)
        return null
      }
      if (packet.retain && !client.clean) sessions.keepRetained(client, packet, messageId)
      packet.messageId = messageId
      return packet
    },
  }

  function endSlow(client: AedesClient): void {
    if (client.conn.destroyed) return
    trail.ended(client.connection?.name, 'mqtt_subscriber_slow')
    client.conn.destroy()
  }
}
