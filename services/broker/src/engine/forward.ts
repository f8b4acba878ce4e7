// What becomes of a message that is in the log: retained for who subscribes later, kept in sessions, sent to who is
// connected. All in one step and in the order of the log: on Aedes' own way, of as many turns as a message has
// properties, messages overtake each other, and a subscriber drops what comes late.
import type { Aedes, AedesPublishPacket, Client, PublishPacket } from 'aedes'
import type { Deliveries } from './deliveries.ts'
import type { Retained } from './retained.ts'
import type { Sessions } from './sessions.ts'

type Done = (error?: Error | null) => void

export interface ForwardDeps {
  retained: Retained
  sessions: Sessions
  deliveries: Deliveries
}

/** Takes the place of Aedes' `publish`. */
export function forwardInOrder(aedes: Aedes, { retained, sessions, deliveries }: ForwardDeps): void {
  // Aedes numbers the retained messages that it sends from the same.
  const numbers = aedes as Aedes & { counter: number }

  function publish(packet: PublishPacket, client: Client | Done | null, done?: Done): void {
    const { topic, payload, qos } = packet
    if (packet.retain) retained.store(packet)
    const message: AedesPublishPacket = {
      cmd: 'publish',
      brokerId: aedes.id,
      brokerCounter: ++numbers.counter,
      topic,
      payload,
      qos,
      retain: false,
      dup: false,
    }
    sessions.keep(message)
    deliveries.send(message)
    if (done !== undefined) done()
    else if (typeof client === 'function') client()
  }

  Object.assign(aedes, { publish })
}
