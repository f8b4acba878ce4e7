// QoS 2 messages that came and are not released by PUBREL: until then the same id is the same message, stored and
// forwarded once, however often it is sent [MQTT-4.3.3-2]. Only ids are kept, what they stand for is in the log; they
// belong to the client's session and are gone with the process.
import type { AedesPersistence } from './aedes-client.ts'

/** Of one client; MQTT 3.1.1 cannot tell it the limit, so it is well above what one needs. */
const mostUnreleased = 1_000

type Done = (error: Error | null) => void

/** To be called when the message is in the log, or could not be put there. */
export type Stored = (error: Error | null) => void

interface Message {
  /** Copies that came before it was in the log; undefined once it is there. */
  copies: Done[] | undefined
  forwarded: boolean
}

export interface Unreleased {
  /**
   * Asked of every message before it is stored. It is to be stored unless it is a `copy`, whose `done` is called when
   * the message is stored, or was; or `full`: there are too many.
   */
  take(clientId: string, messageId: number, done: Done): Stored | 'copy' | 'full'
  /** The client's session has ended. */
  forget(clientId: string): void
  persistence: Pick<
    AedesPersistence,
    'incomingStorePacket' | 'incomingGetPacket' | 'incomingDelPacket' | 'cleanIncoming'
  >
}

export function createUnreleased(): Unreleased {
  const clients = new Map<string, Map<number, Message>>()

  return {
    take(clientId, messageId, done) {
      const messages = clients.get(clientId) ?? new Map<number, Message>()
      const known = messages.get(messageId)
      if (known !== undefined) {
        if (known.copies === undefined) done(null)
        else known.copies.push(done)
        return 'copy'
      }
      if (messages.size >= mostUnreleased) return 'full'
      const message: Message = { copies: [], forwarded: false }
      clients.set(clientId, messages.set(messageId, message))
      return (error) => {
        // Meanwhile its session may have ended, or the id may be another message's: those are answered whose copies it has.
        if (error !== null && messages.get(messageId) === message) messages.delete(messageId)
        for (const answer of message.copies ?? []) answer(error)
        message.copies = undefined
      }
    },
    forget: (clientId) => void clients.delete(clientId),
    persistence: {
      // It is there since `take`.
      incomingStorePacket: async () => {},
      /** Aedes forwards what is not known: the first of each. */
      async incomingGetPacket({ id }, packet) {
        const message = clients.get(id)?.get(packet.messageId)
        const isKnown = message !== undefined && (message.forwarded || packet.cmd === 'pubrel')
        if (message !== undefined) message.forwarded = true
        if (!isKnown) throw new Error('no such packet')
        return packet
      },
      async incomingDelPacket({ id }, { messageId }) {
        clients.get(id)?.delete(messageId)
      },
      async cleanIncoming({ id, connection }) {
        // Aedes asks for whoever called itself so, signed in or not.
        if (connection !== undefined) clients.delete(id)
      },
    },
  }
}
