// Most of what devices say is for the log alone. What is in the log, acknowledged, not retained and subscribed to by
// nobody has arrived; the steps that Aedes would still take with it are left out.
import type { Aedes, Client, PublishPacket } from 'aedes'

type Done = (error?: Error | null) => void
/** As Aedes calls it: with the client that published, or without one. */
type Publish = (packet: PublishPacket, client: Client | Done | null, done?: Done) => void

export function skipUnheard(aedes: Aedes, isHeard: (topic: string) => boolean): void {
  const publish = aedes.publish.bind(aedes) as Publish
  const publishHeard: Publish = (packet, client, done) => {
    if (packet.retain || isHeard(packet.topic)) publish(packet, client, done)
    else if (done !== undefined) done()
    else if (typeof client === 'function') client()
  }
  Object.assign(aedes, { publish: publishHeard })
}
