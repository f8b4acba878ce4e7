// The steady load, a process of its own: connections on raw sockets, each with a fixed number of QoS 1 PUBLISHes
// in flight, where every PUBACK is answered by the next; or a fixed number of messages a second, from one
// connection after the other.
import type { Socket } from 'node:net'
import type { Credentials } from '../servers/ronda.ts'
import { usageOf } from '../usage.ts'
import { openConnection } from './connection.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import { type Readings, createReadings } from './readings.ts'

export interface LoadOrder {
  port: number
  /** The broker's process, whose use of the machine is measured. */
  pid: number
  credentials: readonly Credentials[]
  /** Of each connection; at a fixed rate the message ids that it uses in turn. */
  inFlight: number
  /** Over all connections; as many as are acknowledged when absent. */
  messagesPerSecond?: number
  warmUpMs: number
  measureMs: number
}

export interface LoadResult {
  acknowledged: number
  seconds: number
  /** The broker's processor time in those seconds. */
  cpuMs: number
  /** That of the load itself. */
  ownCpuMs: number
  /** Of a sample of messages, ms. */
  latency: Quantiles
  /** PUBACKs over the whole run, warm-up included. */
  total: number
}

const pubackBytes = 4
/** One of so many messages is timed when there are as many as are acknowledged. */
const sampleEvery = 16
const paceMs = 10
/** What is in flight at the end is acknowledged by then, or never. */
const drainMs = 30_000

interface Publisher {
  socket: Socket
  /** One for each message id in flight. */
  readings: Readings
  sentAt: Float64Array
  rest: Buffer
}

process.once('message', (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({
  port,
  pid,
  credentials,
  inFlight,
  messagesPerSecond,
  warmUpMs,
  measureMs,
}: LoadOrder): Promise<LoadResult> {
  const samples: number[] = []
  let total = 0
  let sequence = 0
  let measuring = false
  let stopping = false
  let open = 0
  let drained = () => {}

  function onData(publisher: Publisher, chunk: Buffer): void {
    const data = publisher.rest.length === 0 ? chunk : Buffer.concat([publisher.rest, chunk])
    const whole = data.length - (data.length % pubackBytes)
    const next: Buffer[] = []
    const now = performance.now()
    for (let offset = 0; offset < whole; offset += pubackBytes) {
      const id = data.readUInt16BE(offset + 2)
      const sent = publisher.sentAt[id - 1] ?? 0
      if (sent > 0 && measuring) samples.push(now - sent)
      total++
      open--
      const packet = publisher.readings.packets[id - 1]
      if (packet === undefined || stopping || messagesPerSecond !== undefined) continue
      publisher.readings.stamp(packet, ++sequence)
      publisher.sentAt[id - 1] = total % sampleEvery === 0 ? now : 0
      next.push(packet)
    }
    publisher.rest = data.subarray(whole)
    open += next.length
    // Written at once, while their content is what it is.
    if (next.length > 0) publisher.socket.write(Buffer.concat(next))
    if (stopping && open === 0) drained()
  }

  function sendPaced(publishers: readonly Publisher[], perSecond: number): NodeJS.Timeout {
    const startedAt = performance.now()
    let sent = 0
    return setInterval(() => {
      const due = ((performance.now() - startedAt) / 1_000) * perSecond
      for (; sent < due && !stopping; sent++) {
        const publisher = publishers[sent % publishers.length]
        const nth = Math.floor(sent / publishers.length) % inFlight
        const packet = publisher?.readings.packets[nth]
        if (publisher === undefined || packet === undefined) return
        publisher.readings.stamp(packet, ++sequence)
        publisher.sentAt[nth] = performance.now()
        open++
        publisher.socket.write(packet)
      }
    }, paceMs)
  }

  const publishers = await connectAll(port, credentials, inFlight)
  for (const publisher of publishers) publisher.socket.on('data', (chunk) => onData(publisher, chunk))
  const pace = messagesPerSecond === undefined ? undefined : sendPaced(publishers, messagesPerSecond)
  for (const publisher of pace === undefined ? publishers : []) {
    const { packets, stamp } = publisher.readings
    for (const packet of packets) stamp(packet, ++sequence)
    open += packets.length
    publisher.socket.write(Buffer.concat([...packets]))
  }

  await wait(warmUpMs)
  const before = total
  const cpuMsBefore = usageOf(pid).cpuMs
  const ownBefore = process.cpuUsage()
  const startedAt = performance.now()
  measuring = true
  await wait(measureMs)
  measuring = false
  const acknowledged = total - before
  const seconds = (performance.now() - startedAt) / 1_000
  const cpuMs = usageOf(pid).cpuMs - cpuMsBefore
  const own = process.cpuUsage(ownBefore)
  const ownCpuMs = (own.user + own.system) / 1_000
  stopping = true
  clearInterval(pace)
  if (open > 0) await Promise.race([new Promise<void>((resolve) => (drained = resolve)), wait(drainMs)])
  for (const { socket } of publishers) socket.destroy()
  return { acknowledged, seconds, cpuMs, ownCpuMs, total, latency: quantilesOf(samples) }
}

async function connectAll(port: number, credentials: readonly Credentials[], inFlight: number): Promise<Publisher[]> {
  const publishers: Publisher[] = []
  const batch = 100
  for (let first = 0; first < credentials.length; first += batch) {
    const wanted = credentials.slice(first, first + batch)
    publishers.push(
      ...(await Promise.all(
        wanted.map(async (each) => ({
          socket: await openConnection(port, each),
          readings: createReadings(each.topics, inFlight),
          sentAt: new Float64Array(inFlight),
          rest: Buffer.alloc(0),
        })),
      )),
    )
  }
  return publishers
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
