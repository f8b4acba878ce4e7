// What the broker relies on in an Aedes client beyond its published types; Aedes is pinned, and the tests of
// this service fail if any of it changes.
import type { Socket } from 'node:net'
import type { Client, PublishPacket } from 'aedes'
import type { Connection } from './connections.ts'

export interface AedesClient extends Client {
  conn: Socket
  /** Published when the connection ends without DISCONNECT, even on broker.close(); undefined for none. */
  will: PublishPacket | null | undefined
  _keepaliveTimer: NodeJS.Timeout | null
  /** Ours, from the CONNECT on: a property of its own, because every message asks for it. */
  connection?: Connection
}

/** Every client of this broker was made by `aedes.handle(socket)`, so it is one of these. */
export function asAedesClient(client: Client): AedesClient {
  return client as AedesClient
}
