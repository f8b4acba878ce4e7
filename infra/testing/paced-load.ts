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
  /** How many were sent so far. */
  readonly sent: number
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
  let sent = 0
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
    clients.set(id, client)
  }

  function publish(device: NewDevice, n: number): void {
    const topic = formatTopic({ city, kind: device.kind, deviceId: device.id, channel: 'telemetry' })
    // A time of its own for every message, so that each is a reading of its own.
    const ts = startedAt + Math.round((n * 1_000) / messagesPerSecond)
    const message = JSON.stringify({ ts, sentAt: Date.now(), seq: n, ...payload(device, n) })
    const done = clients
      .get(device.id)
      ?.publishAsync(topic, message, { qos: 1 })
      .then(
        () => void acknowledged.get(device.id)?.add(n),
        // Closed before it was acknowledged: it is not counted.
        () => {},
      )
    if (done === undefined) return
    pending.add(done)
    void done.finally(() => pending.delete(done))
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
