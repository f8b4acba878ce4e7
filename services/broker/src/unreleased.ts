// The QoS 2 messages of a connection whose PUBREL has not come. Aedes' own persistence would keep them whole, and
// for ever when their device does not come back. Nothing of them is needed but the ids, and those only as long
// as the connection: what a device sends again over its next one is stored again, at least once.
import type { Client } from 'aedes'
import type { AedesPersistence } from './aedes-client.ts'

/** How many may be unreleased at a time is Aedes' option `maxInflightInbound`, 1,000 per connection. */
export function keepUnreleased(persistence: AedesPersistence): void {
  const idsOf = new WeakMap<Client, Set<number>>()
  const incoming: AedesPersistence = {
    async incomingStorePacket(client, { messageId }) {
      const ids = idsOf.get(client)
      if (ids === undefined) idsOf.set(client, new Set([messageId]))
      else ids.add(messageId)
    },
    async incomingGetPacket(client, packet) {
      if (idsOf.get(client)?.has(packet.messageId) === true) return packet
      throw new Error('no such packet')
    },
    async incomingDelPacket(client, { messageId }) {
      idsOf.get(client)?.delete(messageId)
    },
    async cleanIncoming(client) {
      idsOf.delete(client)
    },
  }
  Object.assign(persistence, incoming)
}
