// Listens to a broker and writes down what comes, as fast as the file takes it: what it does not take yet waits in the
// socket, so memory stays as it is.
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@ronda/contracts/errors'
import type { IPublishPacket, MqttClient } from 'mqtt'
import { type Broker, type Login, connectTo } from '../broker.ts'
import { headerOf, messageOf } from '../recording/format.ts'
import { type RecordingWriter, openRecordingWriter } from '../recording/writer.ts'

export interface RecordOptions {
  broker: Broker
  login: Login | undefined
  topics: readonly string[]
  out: string
  lastsMs: number | undefined
  say: (line: string) => void
  /** Ends it early. */
  signal: AbortSignal
}

export interface Recorded {
  messages: number
  /** How often nothing was heard for a while. */
  gaps: number
  seconds: number
  bytes: number
}

const reconnectMs = 500
const reportMs = 10_000
/** SUBACK: failure. */
const refused = 128

/** Throws `mqtt_credentials_refused`, `mqtt_subscribe_refused`, `unavailable`, `config_invalid`, `storage_failed`. */
export async function record(options: RecordOptions): Promise<Recorded> {
  const { broker, login, topics, out, lastsMs, say, signal } = options
  const client = await connectTo(broker, login, { retryMs: reconnectMs })
  let writer: RecordingWriter | undefined
  try {
    const startedAt = Date.now()
    const begunAt = performance.now()
    const at = () => Math.round(performance.now() - begunAt)
    const writing = await openRecordingWriter(out, headerOf({ broker: broker.url, topics: [...topics], startedAt }))
    writer = writing
    let messages = 0
    let gaps = 0
    let isHeard = false

    client.handleMessage = (packet, done) => {
      messages++
      const room = writing.write(lineOf(packet, at()))
      if (room === undefined) done()
      else void room.then(() => done(), done)
    }
    client.on('close', () => {
      if (client.disconnecting || !isHeard) return
      isHeard = false
      gaps++
      say('the connection broke; what comes now is not heard')
      void writing.write({ at: at(), connected: false })
    })
    const hear = async () => {
      isHeard = await subscribe(client, login, topics)
      if (!isHeard || gaps === 0) return
      say('connected again')
      void writing.write({ at: at(), connected: true })
    }
    const failed = new Promise<never>((_, reject) => {
      client.on('connect', () => {
        hear().catch(reject)
      })
    })
    // Until it is waited for, it is not unhandled.
    failed.catch(() => {})
    await hear()
    say(`recording ${topics.join(', ')} of ${broker.url} into ${out}`)
    const reporting = setInterval(() => say(`${messages} messages, ${writing.bytes} bytes`), reportMs)
    try {
      const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort')
      const over =
        lastsMs === undefined ? stopped : Promise.race([stopped, delay(lastsMs, undefined, { signal }).catch(() => {})])
      await Promise.race([over, failed, writing.ended])
    } finally {
      clearInterval(reporting)
    }
    // No more is taken while the file is closed.
    client.handleMessage = (_packet, done) => done()
    await client.endAsync(true)
    await writing.close()
    return { messages, gaps, seconds: at() / 1_000, bytes: writing.bytes }
  } catch (error) {
    // What was recorded until then stays.
    await client.endAsync(true)
    await writer?.close().catch(() => {})
    throw error
  }
}

function lineOf({ topic, qos, retain, payload }: IPublishPacket, at: number) {
  // Nothing was subscribed to with QoS 2, so nothing comes with it.
  return messageOf({ at, topic, qos: qos === 0 ? 0 : 1, retain }, Buffer.from(payload))
}

/** False when the connection broke meanwhile: it comes back, and with it this. */
async function subscribe(client: MqttClient, login: Login | undefined, topics: readonly string[]): Promise<boolean> {
  for (const topic of topics) {
    const [granted] = await client.subscribeAsync(topic, { qos: 1 }).catch(() => [])
    if (!client.connected) return false
    if (granted !== undefined && granted.qos < refused) continue
    const who = login?.username ?? 'a client without a user name'
    const advice = 'at Ronda a service may listen to what it was granted, level by level, without #'
    throw new AppError('mqtt_subscribe_refused', `${who} may not subscribe to ${topic}; ${advice}`)
  }
  return true
}
