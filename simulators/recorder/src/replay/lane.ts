// One connection to the broker that messages are played through, in their order. When it breaks it comes back and
// sends what was not acknowledged once more; a message that it broke with again and again is given up.
import { setTimeout as delay } from 'node:timers/promises'
import { createBackoff } from '@ronda/city/backoff'
import { AppError } from '@ronda/contracts/errors'
import type { MqttClient } from 'mqtt'
import { type Broker, type Login, connectTo } from '../broker.ts'

export interface Playable {
  topic: string
  payload: Buffer
  qos: 0 | 1
  retain: boolean
}

type Outcome = 'acknowledged' | 'refused'

export interface Lane {
  /** Throws as `connectTo`. */
  open(): Promise<void>
  /** With QoS 0, which nobody acknowledges, `acknowledged` is that it was sent. */
  publish(message: Playable, settle: (outcome: Outcome) => void): void
  close(): Promise<void>
}

export interface LaneDeps {
  broker: Broker
  login: Login | undefined
  onResent: () => void
  /** It does not come back. */
  onLost: (error: AppError) => void
}

interface Outgoing {
  message: Playable
  settle: (outcome: Outcome) => void
  isSent: boolean
  /** How often the connection ended while it was alone on its way. */
  endings: number
}

const retry = { firstMs: 100, mostMs: 5_000 }
const patienceMs = 60_000
/** Ronda, as brokers of MQTT 3.1.1 do, refuses a message by ending the connection. */
const endingsOfRefused = 2

export function createLane({ broker, login, onResent, onLost }: LaneDeps): Lane {
  /** In the order of their sending. */
  const waiting = new Set<Outgoing>()
  /** How many were on their way when the connection ended: they go one by one, to see which of them ends it. */
  let suspects = 0
  const backoff = createBackoff(retry.firstMs, retry.mostMs, Math.random)
  let client: MqttClient | undefined
  let isClosing = false

  function settle(outgoing: Outgoing, outcome: Outcome): void {
    waiting.delete(outgoing)
    if (suspects > 0) {
      suspects--
      sendWaiting()
    }
    outgoing.settle(outcome)
  }

  /** All, or the oldest alone. */
  function sendWaiting(): void {
    for (const outgoing of waiting) {
      send(outgoing)
      if (suspects > 0) return
    }
  }

  function send(outgoing: Outgoing): void {
    const sending = client
    if (sending === undefined) return
    if (outgoing.isSent) onResent()
    const { topic, payload, qos, retain } = outgoing.message
    sending.publish(topic, payload, { qos, retain, dup: outgoing.isSent && qos === 1 }, (error) => {
      if (client !== sending || error) return
      backoff.reset()
      settle(outgoing, 'acknowledged')
    })
    outgoing.isSent = true
  }

  function use(opened: MqttClient): void {
    client = opened
    opened.on('close', () => {
      if (client !== opened) return
      client = undefined
      if (!isClosing) void comeBack()
    })
    sendWaiting()
  }

  async function comeBack(): Promise<void> {
    const [oldest] = waiting
    const wasAlone = suspects > 0 || waiting.size === 1
    if (suspects === 0) suspects = waiting.size
    if (oldest?.isSent === true && wasAlone && ++oldest.endings >= endingsOfRefused) settle(oldest, 'refused')
    const givenUpAt = performance.now() + patienceMs
    while (!isClosing) {
      await delay(backoff.next())
      try {
        const opened = await connectTo(broker, login)
        if (isClosing) await opened.endAsync(true)
        else use(opened)
        return
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        if (performance.now() < givenUpAt) continue
        onLost(error)
        return
      }
    }
  }

  return {
    async open() {
      use(await connectTo(broker, login))
    },
    publish(message, onSettled) {
      const outgoing: Outgoing = { message, settle: onSettled, isSent: false, endings: 0 }
      waiting.add(outgoing)
      if (suspects === 0) send(outgoing)
    },
    async close() {
      isClosing = true
      await client?.endAsync(waiting.size > 0)
    },
  }
}
