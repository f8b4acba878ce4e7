// What the broker relies on in Aedes beyond its published types; Aedes is pinned, and the tests of this service
// fail if any of it changes.
import type { Socket } from 'node:net'
import type { Aedes, Client, PublishPacket } from 'aedes'
import type { Connection } from './connections.ts'

export interface AedesClient extends Client {
  conn: Socket
  /** Published when the connection ends without DISCONNECT, even on broker.close(); undefined for none. */
  will: PublishPacket | null | undefined
  _keepaliveTimer: NodeJS.Timeout | null
  _parser: PacketParser
  /**
   * Ours, from when it is authenticated: a property of its own, because every message asks for it. A PUBLISH or
   * SUBSCRIBE right behind its CONNECT may come before that.
   */
  connection?: Connection
}

/** Of mqtt-packet: takes chunks, emits packets, and errors, which end the connection. */
interface PacketParser {
  /** The packet under assembly; `length` is what its fixed header announces to follow. */
  packet: { length: number }
  /** Parses the length of the fixed header; false when it is not there yet, and then parsing waits for more. */
  _parseLength(): boolean
  emit(event: 'error', error: Error): boolean
}

/** Where Aedes keeps sessions; errors are rejections. */
export interface AedesPersistence {
  incomingStorePacket(client: Client, packet: { messageId: number }): Promise<void>
  /** Rejects when there is none of this id. */
  incomingGetPacket(client: Client, packet: { messageId: number }): Promise<object>
  incomingDelPacket(client: Client, packet: { messageId: number }): Promise<void>
  cleanIncoming(client: Client): Promise<void>
}

interface AedesInternals {
  /** The persistence failed outside of any client's request; without a listener it ends the process. */
  on(event: 'error', listener: (error: Error) => void): unknown
  persistence: AedesPersistence
  _clearWillInterval: NodeJS.Timeout
}

/**
 * Every client of this broker was made by `aedes.handle(socket)`, so it is one of these. Aedes names none only for
 * the wills of brokers that died, which ours does not look for.
 */
export function asAedesClient(client: Client | null): AedesClient {
  return client as AedesClient
}

export function internalsOf(aedes: Aedes): AedesInternals {
  // Aedes has all of it once it listens, as `createBroker` leaves it.
  return aedes as Aedes & AedesInternals
}
