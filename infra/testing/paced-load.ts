// A bounded load of real MQTT clients at a fixed rate, which remembers every PUBACK. Clients come back by
// themselves and send again what was not acknowledged, as good devices do.
import { formatTopic } from '@ronda/contracts/topics'
import type { NewDevice } from '@ronda/contracts/device'
import { type MqttClient, connect } from 'mqtt'

export interface PacedLoadOptions {
  port: number
  city: string
  devices: readonly NewDevice[]
  tokens: ReadonlyMap<string, string>
  /** Of each device. */
  messagesPerSecond: number
  /** The payload of a device's n-th message, beside `ts` and `seq`. */
  payload: (device: NewDevice, n: number) => Record<string, unknown>
}

export interface PacedLoad {
  /** Sequence numbers of each device that were acknowledged. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<number>>
  /** How many were sent so far, to all devices alike: each has published the numbers from 0. */
  readonly sent: number
  /** How many PUBLISH packets went out beyond the first of each message. */
  readonly resent: number
  /** `ts` of a device's n-th message. */
  timeOf(n: number): number
  /** Tells, when it is stopped, how many ms each PUBACK took that has come since. */
  timePubacks(): { stop(): number[] }
  /** Publishes nothing more and resolves when all that was published is acknowledged. */
  finish(): Promise<void>
  close(): void
}

const tickMs = 50
const reconnectMs = 100

export function startPacedLoad({
  port,
  city,
  devices,
  tokens,
  messagesPerSecond,
  payload,
}: PacedLoadOptions): PacedLoad {
  const acknowledged = new Map(devices.map(({ id }) => [id, new Set<number>()]))
  const clients = new Map<string, MqttClient>()
  const pending = new Set<Promise<void>>()
  const timings = new Set<number[]>()
  let sent = 0
  let packets = 0
  let perDevice = 0
  const startedAt = Date.now()

  for (const { id } of devices) {
    const client = connect({
      host: '127.0.0.1',
      port,
      protocol: 'mqtt',
      username: id,
      password: tokens.get(id) ?? '',
      clientId: id,
      reconnectPeriod: reconnectMs,
      connectTimeout: 5_000,
    })
    client.on('error', () => {})
    client.on('packetsend', ({ cmd }) => {
      if (cmd === 'publish') packets++
    })
    clients.set(id, client)
  }

  // A time of its own for every message, so that each is a reading of its own.
  function timeOf(n: number): number {
    return startedAt + Math.round((n * 1_000) / messagesPerSecond)
  }

  function publish(device: NewDevice, n: number): void {
    const topic = formatTopic({ city, kind: device.kind, deviceId: device.id, channel: 'telemetry' })
    const message = JSON.stringify({ ts: timeOf(n), sentAt: Date.now(), seq: n, ...payload(device, n) })
    const delivery = deliver(device.id, n, topic, message)
    pending.add(delivery)
    void delivery.finally(() => pending.delete(delivery))
  }

  /** Until it is acknowledged, or this load is closed before: then it is not counted. */
  async function deliver(id: string, n: number, topic: string, message: string): Promise<void> {
    const client = clients.get(id)
    const publishedAt = performance.now()
    while (client !== undefined && !client.disconnecting) {
      try {
        await client.publishAsync(topic, message, { qos: 1 })
        acknowledged.get(id)?.add(n)
        for (const times of timings) times.push(performance.now() - publishedAt)
        return
      } catch {
        // What it was given while it sent the unacknowledged again it gives back when that is cut short.
      }
    }
  }

  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - startedAt) * messagesPerSecond) / 1_000)
    for (; perDevice < due; perDevice++) {
      for (const device of devices) publish(device, perDevice)
      sent += devices.length
    }
  }, tickMs)

  return {
    acknowledged,
    get sent() {
      return sent
    },
    get resent() {
      return Math.max(0, packets - sent)
    },
    timeOf,
    timePubacks() {
      const times: number[] = []
      timings.add(times)
      return {
        stop() {
          timings.delete(times)
          return times
        },
      }
    },
    async finish() {
      clearInterval(timer)
      while (pending.size > 0) await Promise.all(pending)
    },
    close() {
      clearInterval(timer)
      for (const client of clients.values()) client.end(true)
    },
  }
}
