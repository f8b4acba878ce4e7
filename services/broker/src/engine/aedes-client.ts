// What the broker relies on in Aedes beyond its published types; Aedes is pinned, and the tests of this service
// fail if any of it changes.
import type { Duplex, Readable } from 'node:stream'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { Aedes, AedesPublishPacket, Client, PublishPacket, PubrelPacket, Subscription } from 'aedes'
import type { Connection } from '../connections.ts'
import type { Arrival } from '../listeners/listeners.ts'
import type { MessageIds } from './message-ids.ts'

export type QoS = PublishPacket['qos']

export interface AedesClient extends Client {
  conn: Duplex
  /** Published when the connection ends without DISCONNECT, even on broker.close(); undefined for none. */
  will: PublishPacket | null | undefined
  connackSent: boolean
  /** By filter; `deliverQoS` lowers to the QoS of the filter that is exactly the topic, whatever else was granted. */
  subscriptions: Record<string, { qos: QoS }>
  /** Sends a message; with an id, as that. `done` when it is written, or does not have to be. */
  deliverQoS(packet: NumberedPacket, done: () => void): void
  _keepaliveTimer: NodeJS.Timeout | null
  _parser: PacketParser

  // Ours, as properties because every message asks for them.

  arrival: Arrival
  /** Its CONNECT is refused for what it says, whoever it is. */
  refusal?: ErrorCode | undefined
  /** Of what is sent to it, from the first with QoS 1 or 2; its session's, if it has one. */
  messageIds?: MessageIds
  /** From when it is authenticated: a PUBLISH or SUBSCRIBE right behind its CONNECT may come before that. */
  connection?: Connection
}

/** Of mqtt-packet: takes chunks, emits packets, and errors, which end the connection. */
export interface PacketParser {
  client: AedesClient
  /**
   * The packet under assembly; `length` is what its fixed header announces to follow. A `messageId` of -1 was not
   * there; packets without one have none.
   */
  packet: { cmd: string; dup: boolean; qos: number; length: number; messageId?: number }
  /** Ends parsing: what was read before it is forgotten. */
  error: Error | null
  /** What was read and is not parsed, from behind the fixed header of the packet. */
  _list: { readonly length: number; slice(start: number, end: number): Buffer }
  /** How much of the packet is parsed. */
  _pos: number
  /** Parses the length of the fixed header; false when it is not there yet, and then parsing waits for more. */
  _parseLength(): boolean
  /** Parses what follows it, in the same way. */
  _parsePayload(): boolean
  /** Sets the error, and emits it. */
  _emitError(error: Error): void
}

/** A packet that Aedes has numbered. */
export type NumberedPacket = AedesPublishPacket & { messageId?: number }

/** What is sent to a client, and again until it is acknowledged. */
export type OutgoingPacket = NumberedPacket | Pick<PubrelPacket, 'cmd' | 'messageId'>

type Id = Pick<Client, 'id'>

/** Where Aedes keeps what outlives a packet; errors are rejections. */
export interface AedesPersistence {
  setup(): Promise<void>
  destroy(): Promise<void>
  addSubscriptions(): Promise<void>
  removeSubscriptions(client: Id, filters: readonly string[]): Promise<void>
  subscriptionsByClient(client: Id): Promise<Subscription[]>
  cleanSubscriptions(client: Id): Promise<void>
  /** The packet is being sent, with this message id. */
  outgoingUpdate(client: Id, packet: OutgoingPacket): Promise<void>
  /** It was acknowledged; resolves with it, if it was known. */
  outgoingClearMessageId(
    client: AedesClient,
    packet: { messageId?: number | undefined },
  ): Promise<OutgoingPacket | undefined>
  /** All that waits, in order. */
  outgoingStream(client: Id): Readable
  incomingStorePacket(client: Id, packet: { messageId: number }): Promise<void>
  /** Rejects when there is none of this id. */
  incomingGetPacket(client: Id, packet: { cmd: string; messageId: number }): Promise<object>
  incomingDelPacket(client: Id, packet: { messageId: number }): Promise<void>
  cleanIncoming(client: AedesClient): Promise<void>
  /** What each of the filters matches. */
  createRetainedStreamCombi(filters: readonly string[]): Readable
  putWill(): Promise<void>
  delWill(): Promise<void>
  streamWill(): Readable
}

interface AedesInternals {
  /** The persistence failed outside of any client's request; without a listener it ends the process. */
  on(event: 'error', listener: (error: Error) => void): unknown
  _clearWillInterval: NodeJS.Timeout
}

/**
 * Every client of this broker was made by `aedes.handle(stream)`, so it is one of these. Aedes names none only for
 * the wills of brokers that died, which ours does not look for.
 */
export function asAedesClient(client: Client | null): AedesClient {
  return client as AedesClient
}

export function internalsOf(aedes: Aedes): AedesInternals {
  // Aedes has all of it once it listens, as `createBroker` leaves it.
  return aedes as Aedes & AedesInternals
}
