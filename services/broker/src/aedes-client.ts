// What the broker relies on in an Aedes client beyond its published types; Aedes is pinned, and the tests of
// this service fail if any of it changes.
import type { Socket } from 'node:net'
import type { Client, PublishPacket } from 'aedes'

export interface AedesClient extends Client {
  conn: Socket
  /** Published when the connection ends without DISCONNECT, even on broker.close(); undefined for none. */
  will: PublishPacket | null | undefined
  _keepaliveTimer: NodeJS.Timeout | null
}

/** Every client of this broker was made by `aedes.handle(socket)`, so it is one of these. */
export function asAedesClient(client: Client): AedesClient {
  return client as AedesClient
}
