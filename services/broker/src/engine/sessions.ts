// What outlives a connection: the subscriptions and waiting messages of clients that asked for a session (clean
// session 0). In memory, within bounds, and gone with the process; it is what Aedes asks of its persistence. A session
// that would go beyond its bounds ends, which its client learns at its next CONNECT (session present 0): better than
// messages missing in silence. Wills are not kept: they are Aedes' own while the process lives, and nobody's
// afterwards.
import { Readable } from 'node:stream'
import type { AedesClient, AedesPersistence, NumberedPacket, OutgoingPacket, QoS } from './aedes-client.ts'
import { highestOfEach, lower } from './deliveries.ts'
import { type MessageIds, createMessageIds } from './message-ids.ts'
import type { Retained } from './retained.ts'
import { createTopicIndex } from './topic-index.ts'
import type { Unreleased } from './unreleased.ts'

export interface SessionLimits {
  /** Of one principal, over all its client ids; with one more, the one that was away longest ends. */
  perPrincipal: number
  /** Bytes of messages that wait in one session. */
  sessionBytes: number
  /** In all; beyond, the largest ends. */
  totalBytes: number
  /** How long a session waits for its client, ms. */
  maxAwayMs: number
}

export interface SessionDeps {
  unreleased: Unreleased
  retained: Retained
  limits: SessionLimits
  /** ms, never going back. */
  now: () => number
}

export interface Sessions {
  persistence: AedesPersistence
  /** A client that asked for a session has come; what is kept for it, if anything, is its own from now on. */
  attach(client: AedesClient): void
  /** It has gone, and its session waits. */
  detach(client: AedesClient): void
  /** A filter was granted, and is kept if the client has a session. */
  subscribe(client: AedesClient, filter: string, qos: QoS): void
  /** For every session that listens to its topic. */
  keep(packet: NumberedPacket): void
  /**
   * A retained message for a subscriber is part of its session until it is acknowledged [MQTT-4.4.0-1]; without an id
   * it is not sent yet, but with what waits.
   */
  keepRetained(client: AedesClient, packet: NumberedPacket, messageId?: number): void
  /** Whether all that waited for it has been sent: until then nothing new may pass that by [MQTT-4.6.0-6]. */
  isResumed(client: AedesClient): boolean
  /** Ends the sessions of a principal; those in which all filters may be kept stay. */
  endOf(principal: string, mayKeep?: (filter: string) => boolean): void
  /** Ends those whose client was away for too long. */
  sweep(): void
  readonly size: number
  /** Of waiting messages. */
  readonly bytes: number
  /** How many ended because too much waited in them. */
  readonly overflowed: number
}

interface Session {
  clientId: string
  principal: string
  /** By filter. */
  subscriptions: Map<string, Subscription>
  /** By the number that Aedes gives each packet, in their order. */
  waiting: Map<number, Waiting>
  /** Of those that were sent, by message id. */
  sent: Map<number, Waiting>
  bytes: number
  /** While it is connected. */
  client: AedesClient | undefined
  /** When its client went, ms. */
  awaySince: number
  resumed: boolean
  /** Aedes has taken the message that was to be sent again. */
  taken: () => void
  /** The id with which that is to be sent, if it is new. */
  offered: number | undefined
  ids: MessageIds
  /** It was there before its client came. */
  wasKept: boolean
}

interface Subscription {
  session: Session
  topic: string
  qos: QoS
}

/** A message that the client has not acknowledged, or its PUBREL. */
interface Waiting {
  counter: number
  packet: OutgoingPacket
  bytes: number
}

/** Memory of a message that waits, beside its topic and payload. */
const overheadBytes = 300
/** What nobody may listen to. */
export const noSubscription: { topic: string; qos: QoS } = { topic: '$nothing', qos: 0 }
const nothing = Promise.resolve()

export function createSessions({ limits, unreleased, retained, now }: SessionDeps): Sessions {
  const sessions = new Map<string, Session>()
  const byPrincipal = new Map<string, Set<Session>>()
  const subscribers = createTopicIndex<Subscription>()
  let bytes = 0
  let overflowed = 0

  function open(clientId: string, principal: string): Session {
    const session: Session = {
      clientId,
      principal,
      subscriptions: new Map(),
      waiting: new Map(),
      sent: new Map(),
      bytes: 0,
      client: undefined,
      awaySince: now(),
      resumed: false,
      taken: noop,
      offered: undefined,
      ids: createMessageIds(),
      wasKept: false,
    }
    sessions.set(clientId, session)
    const others = byPrincipal.get(principal) ?? new Set()
    byPrincipal.set(principal, others.add(session))
    if (others.size > limits.perPrincipal) {
      const [longestAway] = [...others].filter((each) => each !== session).toSorted(byTimeAway)
      if (longestAway !== undefined) end(longestAway)
    }
    return session
  }

  /** With its connection, if there is one: it must learn that something is missing. */
  function end(session: Session): void {
    session.client?.conn.destroy()
    session.taken()
    for (const subscription of session.subscriptions.values()) unsubscribe(subscription)
    bytes -= session.bytes
    sessions.delete(session.clientId)
    unreleased.forget(session.clientId)
    const others = byPrincipal.get(session.principal)
    others?.delete(session)
    if (others?.size === 0) byPrincipal.delete(session.principal)
  }

  function unsubscribe(subscription: Subscription): void {
    // QoS 0 is not kept for anyone.
    if (subscription.qos > 0) subscribers.remove(subscription.topic, subscription)
  }

  /** Whether there is room for so much more; who has too much ends. */
  function makeRoom(session: Session, size: number): boolean {
    while (session.bytes + size > limits.sessionBytes || bytes + size > limits.totalBytes) {
      const tooMuch = session.bytes + size > limits.sessionBytes ? session : largest()
      overflowed++
      end(tooMuch)
      if (tooMuch === session) return false
    }
    return true
  }

  function largest(): Session {
    return [...sessions.values()].reduce((a, b) => (b.bytes > a.bytes ? b : a))
  }

  /** Undefined when the session has no room for it, and ends. */
  function keepIn(session: Session, packet: NumberedPacket): Waiting | undefined {
    const size = packet.topic.length + packet.payload.length + overheadBytes
    // It was heard for before another one that was matched with it took its room.
    if (sessions.get(session.clientId) !== session) return undefined
    if (!makeRoom(session, size)) return undefined
    const { cmd, topic, payload, qos, retain, brokerId, brokerCounter } = packet
    const kept = { cmd, topic, payload, qos, retain, dup: false, brokerId, brokerCounter }
    const waiting: Waiting = { counter: brokerCounter, packet: kept, bytes: size }
    session.waiting.set(brokerCounter, waiting)
    session.bytes += size
    bytes += size
    return waiting
  }

  function sent(session: Session, waiting: Waiting, messageId: number): void {
    if (waiting.packet.cmd === 'publish') waiting.packet = { ...waiting.packet, messageId }
    session.sent.set(messageId, waiting)
  }

  function settle(session: Session, waiting: Waiting): void {
    session.waiting.delete(waiting.counter)
    session.bytes -= waiting.bytes
    bytes -= waiting.bytes
  }

  /** What waits, oldest first, with what comes meanwhile; sent again with DUP what was sent before [MQTT-3.3.1-1]. */
  async function* resend(session: Session): AsyncIterable<OutgoingPacket> {
    for (const { packet } of session.waiting.values()) {
      // One after the other: what comes while the last one is on its way must not pass it.
      const taken = new Promise<void>((resolve) => (session.taken = resolve))
      if (packet.cmd === 'pubrel') yield packet
      else if (packet.messageId !== undefined) yield { ...packet, dup: true }
      else {
        session.offered = session.ids.take()
        if (session.offered === undefined) {
          end(session)
          return
        }
        yield { ...packet, messageId: session.offered }
      }
      await taken
      session.offered = undefined
    }
    session.resumed = true
  }

  const persistence: AedesPersistence = {
    setup: async () => {},
    destroy: async () => {},

    // Subscriptions.

    // Each was kept when it was granted; Aedes passes the whole SUBSCRIBE, whatever was refused of it.
    addSubscriptions: () => nothing,
    async removeSubscriptions({ id }, topics) {
      const session = sessions.get(id)
      for (const topic of topics) {
        const subscription = session?.subscriptions.get(topic)
        if (subscription === undefined) continue
        unsubscribe(subscription)
        session?.subscriptions.delete(topic)
      }
    },
    async subscriptionsByClient({ id }) {
      const session = sessions.get(id)
      const kept = [...(session?.subscriptions.values() ?? [])].map(({ topic, qos }) => ({ topic, qos }))
      // Aedes takes a session without subscriptions for none [MQTT-3.2.2-2].
      return session?.wasKept === true && kept.length === 0 ? [noSubscription] : kept
    },
    async cleanSubscriptions({ id }) {
      const session = sessions.get(id)
      // Asked for by the new client before the old one has gone.
      if (session !== undefined) end(session)
    },

    // Messages towards clients with a session.

    async outgoingUpdate({ id }, packet) {
      const session = sessions.get(id)
      session?.taken()
      const { messageId } = packet
      if (session === undefined || messageId === undefined) return
      if (packet.cmd === 'pubrel') {
        const waiting = session.sent.get(messageId)
        if (waiting !== undefined) waiting.packet = { cmd: 'pubrel', messageId }
        return
      }
      const waiting = session.waiting.get(packet.brokerCounter)
      // Its session ended, or it was acknowledged meanwhile: what is sent now is sent once.
      if (waiting !== undefined) sent(session, waiting, messageId)
    },
    async outgoingClearMessageId({ id, messageIds }, { messageId }) {
      if (messageId === undefined) return undefined
      messageIds?.free(messageId)
      const session = sessions.get(id)
      const waiting = session?.sent.get(messageId)
      if (session === undefined || waiting === undefined) return undefined
      session.sent.delete(messageId)
      settle(session, waiting)
      return waiting.packet
    },
    outgoingStream({ id }) {
      const session = sessions.get(id)
      return Readable.from(session === undefined ? [] : resend(session))
    },

    ...unreleased.persistence,

    createRetainedStreamCombi: (filters) => Readable.from(retained.matching(filters)),

    // Wills.

    putWill: () => nothing,
    delWill: () => nothing,
    streamWill: () => Readable.from([]),
  }

  return {
    persistence,
    attach(client) {
      const known = sessions.get(client.id)
      const session = known ?? open(client.id, client.connection?.name ?? '')
      session.wasKept = known !== undefined
      session.client = client
      session.resumed = false
      client.messageIds = session.ids
    },
    subscribe(client, topic, qos) {
      const session = sessions.get(client.id)
      if (session?.client !== client) return
      const before = session.subscriptions.get(topic)
      if (before !== undefined) unsubscribe(before)
      const subscription: Subscription = { session, topic, qos }
      session.subscriptions.set(topic, subscription)
      if (qos > 0) subscribers.add(topic, subscription)
    },
    keep(packet) {
      if (packet.qos === 0) return
      const listening = highestOfEach(subscribers.match(packet.topic), sessionOf)
      if (listening.length === 0) return
      // As received, it holds on to the whole chunk that it came in.
      const payload = Buffer.from(packet.payload)
      for (const { session, qos } of listening) keepIn(session, { ...packet, payload, qos: lower(packet.qos, qos) })
    },
    keepRetained(client, packet, messageId) {
      const session = sessions.get(client.id)
      const waiting = session === undefined ? undefined : keepIn(session, packet)
      if (session !== undefined && waiting !== undefined && messageId !== undefined) sent(session, waiting, messageId)
    },
    detach(client) {
      const session = sessions.get(client.id)
      // Taken over, it is another's.
      if (session?.client !== client) return
      session.client = undefined
      session.awaySince = now()
      if (session.offered !== undefined && !session.sent.has(session.offered)) session.ids.free(session.offered)
      session.offered = undefined
      session.taken()
    },
    isResumed: (client) => sessions.get(client.id)?.resumed ?? true,
    endOf(principal, mayKeep = () => false) {
      for (const session of byPrincipal.get(principal) ?? []) {
        if (![...session.subscriptions.keys()].every(mayKeep)) end(session)
      }
    },
    sweep() {
      for (const session of sessions.values()) {
        if (session.client === undefined && now() - session.awaySince > limits.maxAwayMs) end(session)
      }
    },
    get size() {
      return sessions.size
    },
    get bytes() {
      return bytes
    },
    get overflowed() {
      return overflowed
    },
  }
}

function sessionOf({ session }: Subscription): Session {
  return session
}

function byTimeAway(a: Session, b: Session): number {
  const since = ({ client, awaySince }: Session) => (client === undefined ? awaySince : Infinity)
  return since(a) - since(b)
}

function noop(): void {}
