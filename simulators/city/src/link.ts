// A device's connection to the broker: opened in its turn, opened again with growing pauses when it breaks, with
// a birth after connecting and a will for the rest. What the outbox holds goes out as the device arranges it, and
// leaves it when the broker has acknowledged all of it.
import { createConnection } from 'node:net'
import type { NewDevice } from '@ronda/contracts/device'
import { type UplinkChannel, formatTopic } from '@ronda/contracts/topics'
import type { Clock } from '@ronda/runtime/clock'
import { ErrorWithReasonCode, MqttClient } from 'mqtt'
import { createBackoff } from './backoff.ts'
import type { Message, Outbox } from './outbox.ts'
import type { Pacer, Turn } from './pacer.ts'
import type { Scheduler, Task } from './scheduler.ts'

export interface BrokerAddress {
  host: string
  port: number
}

/** The device at its end. */
export interface LinkEnd {
  device: Pick<NewDevice, 'id' | 'kind'>
  token: string
  outbox: Pick<Outbox, 'delivered' | 'broken'>
  /** What is to be sent now, all of it before any of it is acknowledged. */
  take: () => readonly Message[]
  /** Called after each connecting, before anything but the birth is sent. */
  onConnected: () => void
}

export interface LinkDeps {
  broker: BrokerAddress
  /** First level of the topics. */
  citySlug: string
  clock: Clock
  scheduler: Scheduler
  pacer: Pacer
  random: () => number
  /** What the links of a city have in common to tell. */
  watcher: LinkWatcher
}

export interface LinkWatcher {
  connected(deviceId: string): void
  /** It ended without our doing, or did not come about; it is tried again. */
  lost(deviceId: string, reason: string): void
  /** The broker does not accept the device's token, or the device; it is tried again after a long while. */
  refused(deviceId: string): void
  /** We ended it. */
  dropped(deviceId: string): void
  acknowledged(deviceId: string, message: Message, how: Acknowledgement): void
}

export interface Acknowledgement {
  /** Nothing that was sent before it still waits. */
  inOrder: boolean
  /** Stamped ms since it was sent. */
  tookMs: number
}

export interface Link {
  readonly isConnected: boolean
  /** Wants a connection from now on. */
  open(): void
  /** Breaks off without a word, as when the radio link or the power is gone, and stays away. */
  drop(): void
  /** Says goodbye once what is on its way has been acknowledged, which may take for ever: `drop` ends that. */
  close(): Promise<void>
  /** Sends what waits in the outbox. */
  flush(): void
}

const keepaliveS = 60
const connectTimeoutMs = 10_000
/** Stamped, so that a city whose time runs fast is not away for longer than a real one would be. */
const retry = { firstMs: 1_000, mostMs: 30_000 }
/** A broker that has just learned of the device may refuse it at first. */
const refusalsBeforeGivingUp = 3
const refusedRetryMs = 5 * 60_000
/** A connection that lived this long was a good one: the next failure is a new story. */
const settledMs = 30_000
/** CONNACK return codes 4 and 5: bad user name or password, not authorised. */
const refusals: ReadonlySet<number> = new Set([4, 5])

function ignore(): void {}

export function createLink(
  { device: { id, kind }, token, outbox, take, onConnected }: LinkEnd,
  { broker, citySlug, clock, scheduler, pacer, random, watcher }: LinkDeps,
): Link {
  const topicOf = (channel: UplinkChannel) => formatTopic({ city: citySlug, kind, deviceId: id, channel })
  const backoff = createBackoff(retry.firstMs, retry.mostMs, random)
  let isWanted = false
  let client: MqttClient | undefined
  let connectedAt: number | undefined
  let waiting: Turn | Task | undefined
  let refused = 0

  const connect = (done: () => void) => {
    waiting = undefined
    const connecting = new MqttClient(() => createConnection({ ...broker, noDelay: true }), {
      clientId: id,
      username: id,
      password: token,
      clean: true,
      protocolVersion: 4,
      keepalive: keepaliveS,
      connectTimeout: connectTimeoutMs,
      reconnectPeriod: 0,
      will: { topic: topicOf('status'), payload: '{"online":false}', qos: 1, retain: true },
      // One function for all: the default makes a logger for each client.
      log: ignore,
    })
    let failure: Error | undefined
    client = connecting
    connecting.on('error', (error) => {
      failure = error
    })
    connecting.on('connect', () => {
      done()
      if (client !== connecting) return
      connectedAt = clock.now()
      refused = 0
      watcher.connected(id)
      connecting.publish(topicOf('status'), '{"online":true}', { qos: 1, retain: true })
      onConnected()
      flush()
    })
    connecting.on('close', () => {
      done()
      if (client !== connecting) return
      forget()
      if (isWanted) retryAfter(failure)
      else watcher.dropped(id)
    })
  }

  /** The connection is gone, whoever ended it; what was on its way may not have arrived. */
  const forget = () => {
    if (connectedAt !== undefined && clock.now() - connectedAt >= settledMs) backoff.reset()
    client = undefined
    connectedAt = undefined
    outbox.broken()
  }

  const retryAfter = (failure: Error | undefined) => {
    const isRefusal = failure instanceof ErrorWithReasonCode && refusals.has(failure.code)
    refused = isRefusal ? refused + 1 : 0
    const isGivenUp = refused >= refusalsBeforeGivingUp
    if (isGivenUp) watcher.refused(id)
    else watcher.lost(id, failure?.message ?? 'the connection was closed')
    const delayMs = isGivenUp ? refusedRetryMs : backoff.next()
    waiting = scheduler.at(clock.now() + delayMs, () => {
      waiting = pacer.whenItsTurn(connect)
    })
  }

  const flush = () => {
    const sending = client
    if (sending === undefined || connectedAt === undefined || !isWanted) return
    const messages = take()
    const sentAt = clock.now()
    let acknowledged = 0
    for (const [index, message] of messages.entries()) {
      sending.publish(topicOf(message.channel), message.payload, { qos: 1 }, (error) => {
        // A connection that broke has put the message back already.
        if (client !== sending || error) return
        watcher.acknowledged(id, message, { inOrder: index === acknowledged, tookMs: clock.now() - sentAt })
        acknowledged += 1
        if (acknowledged < messages.length) return
        outbox.delivered()
        flush()
      })
    }
  }

  const end = () => {
    isWanted = false
    waiting?.cancel()
    waiting = undefined
  }

  return {
    get isConnected() {
      return connectedAt !== undefined
    },
    open() {
      if (isWanted) return
      isWanted = true
      waiting = pacer.whenItsTurn(connect)
    },
    drop() {
      end()
      watcher.dropped(id)
      const dropped = client
      if (dropped === undefined) return
      forget()
      dropped.stream.destroy()
    },
    async close() {
      end()
      await client?.endAsync(connectedAt === undefined)
    },
    flush,
  }
}
