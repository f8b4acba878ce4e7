// Devices that say of themselves that they are broken, and a control room that hears of it, a process of its own: the
// time from a device's PUBLISH until its fault is on the WebSocket is that of one clock.
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerMessage } from '@ronda/contracts/websocket'
import { generate } from 'mqtt-packet'
import type { Target } from '../servers/ronda.ts'
import { openConnection } from './connection.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import { type WebSocketAddress, openWebSocket } from './web-socket.ts'

export interface FlagsOrder extends Target {
  webSocket: WebSocketAddress
  /** When the first device says so, once all are connected. */
  afterMs: number
  /** When the next does. */
  everyMs: number
}

export interface FlagsResult {
  latency: Quantiles
  /** Faults that were not heard of in time. */
  missing: number
}

/** A rule that a report raises by itself, at once. */
const code = 'control_gear_failure'
const timeoutMs = 10_000

process.once('message', (order: FlagsOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({ port, credentials, webSocket, afterMs, everyMs }: FlagsOrder): Promise<FlagsResult> {
  const sentAt = new Map<string, number>()
  const samples: number[] = []
  const caughtUp = Promise.withResolvers<void>()
  const allHeard = Promise.withResolvers<void>()

  function hear(message: ServerMessage): void {
    if (message.type === 'status') caughtUp.resolve()
    if (message.type !== 'fault' || message.event !== 'raised' || message.fault.code !== code) return
    samples.push(performance.now() - (sentAt.get(message.fault.deviceId) ?? Number.NaN))
    if (samples.length === credentials.length) allHeard.resolve()
  }

  const room = await openWebSocket(
    webSocket,
    // Fanout's messages have the form of the contract.
    (data, start, end) => hear(JSON.parse(data.toString('utf8', start, end)) as ServerMessage),
    () => {
      throw new Error('the control room was closed')
    },
  )
  room.send(JSON.stringify({ type: 'subscribe' }))
  await caughtUp.promise
  const devices = await Promise.all(
    credentials.map(async (each) => ({ ...each, socket: await openConnection(port, each) })),
  )
  await delay(afterMs)
  for (const { socket, username, topics } of devices) {
    const payload = JSON.stringify({ ts: Date.now(), dimPct: 100, powerW: 87.4, voltageV: 229.7, faults: [code] })
    const [topic = ''] = topics
    sentAt.set(username, performance.now())
    socket.write(generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: 1 }))
    await delay(everyMs)
  }
  await Promise.race([allHeard.promise, delay(timeoutMs)])
  room.close()
  for (const { socket } of devices) socket.destroy()
  return { latency: quantilesOf(samples), missing: credentials.length - samples.length }
}
