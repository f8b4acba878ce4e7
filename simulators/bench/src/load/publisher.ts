// The load, a process of its own: connections on raw sockets, each with a fixed number of QoS 1 PUBLISHes in
// flight, where every PUBACK is answered by the next; or a fixed number of messages a second, from one connection
// after the other. No client library is in the way, and packets are made once: only the digits of `ts` and `seq`
// change.
import { type Socket, connect } from 'node:net'
import { generate, parser } from 'mqtt-packet'
import type { Credentials } from '../servers/ronda.ts'

export interface LoadOrder {
  port: number
  credentials: readonly Credentials[]
  inFlight: number
  /** Over all connections; as many as are acknowledged when absent. */
  messagesPerSecond?: number
  warmUpMs: number
  measureMs: number
}

export interface LoadResult {
  acknowledged: number
  seconds: number
  /** Of a sample of messages, ms. */
  latency: { p50: number; p95: number; p99: number }
  /** PUBACKs over the whole run, warm-up included. */
  total: number
}

const pubackBytes = 4
/** One of so many messages is timed when there are as many as are acknowledged. */
const sampleEvery = 16
const paceMs = 10

interface Publisher {
  socket: Socket
  /** One packet per message id in flight, ready to be sent. */
  packets: readonly Buffer[]
  tsOffset: number
  seqOffset: number
  sentAt: Float64Array
  rest: Buffer
}

if (process.send !== undefined) {
  process.once('message', (order: LoadOrder) => {
    void run(order).then((result) => process.send?.(result, () => process.exit(0)))
  })
}

async function run({
  port,
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

  function prepare(packet: Buffer, publisher: Publisher): void {
    packet.write(String(Date.now()), publisher.tsOffset, 13, 'latin1')
    packet.write(String(++sequence).padStart(10, '1'), publisher.seqOffset, 10, 'latin1')
  }

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
      const packet = publisher.packets[id - 1]
      if (packet === undefined || stopping || messagesPerSecond !== undefined) continue
      prepare(packet, publisher)
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
        const packet = publisher?.packets[0]
        if (publisher === undefined || packet === undefined) return
        prepare(packet, publisher)
        publisher.sentAt[0] = performance.now()
        open++
        publisher.socket.write(packet)
      }
    }, paceMs)
  }

  const publishers = await connectAll(port, credentials, inFlight)
  for (const publisher of publishers) publisher.socket.on('data', (chunk) => onData(publisher, chunk))
  const pace = messagesPerSecond === undefined ? undefined : sendPaced(publishers, messagesPerSecond)
  for (const publisher of pace === undefined ? publishers : []) {
    for (const packet of publisher.packets) prepare(packet, publisher)
    open += publisher.packets.length
    publisher.socket.write(Buffer.concat([...publisher.packets]))
  }

  await wait(warmUpMs)
  const before = total
  const startedAt = performance.now()
  measuring = true
  await wait(measureMs)
  measuring = false
  const acknowledged = total - before
  const seconds = (performance.now() - startedAt) / 1_000
  stopping = true
  clearInterval(pace)
  await Promise.race([new Promise<void>((resolve) => (drained = resolve)), wait(30_000)])
  for (const { socket } of publishers) socket.destroy()
  samples.sort((a, b) => a - b)
  const quantile = (q: number) => samples[Math.floor(samples.length * q)] ?? 0
  return { acknowledged, seconds, total, latency: { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) } }
}

async function connectAll(port: number, credentials: readonly Credentials[], inFlight: number): Promise<Publisher[]> {
  const publishers: Publisher[] = []
  const batch = 100
  for (let first = 0; first < credentials.length; first += batch) {
    const wanted = credentials.slice(first, first + batch)
    publishers.push(...(await Promise.all(wanted.map((each) => connectOne(port, each, inFlight)))))
  }
  return publishers
}

function connectOne(port: number, { username, password, topic }: Credentials, inFlight: number): Promise<Publisher> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('error', reject)
    const answers = parser({ protocolVersion: 4 })
    const onAnswer = (chunk: Buffer) => answers.parse(chunk)
    answers.once('packet', (packet) => {
      socket.off('data', onAnswer)
      if (packet.cmd === 'connack' && packet.returnCode === 0) resolve(makePublisher(socket, topic, inFlight))
      else reject(new Error(`refused: ${JSON.stringify(packet)}`))
    })
    socket.on('data', onAnswer)
    const login = password === '' ? {} : { username, password: Buffer.from(password) }
    socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        clientId: username,
        keepalive: 0,
        ...login,
      }),
    )
  })
}

function makePublisher(socket: Socket, topic: string, inFlight: number): Publisher {
  const payload =
    '{"ts":1000000000000,"seq":1000000000,"dimPct":100,"powerW":87.4,"voltageV":229.7,"currentA":0.381,"powerFactor":0.97,"frequencyHz":50.02,"energyWh":1203417.2,"illuminanceLux":3.1,"temperatureC":41.5}'
  const packets = Array.from({ length: inFlight }, (_, i) =>
    generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: i + 1 }),
  )
  const sample = packets[0] ?? Buffer.alloc(0)
  return {
    socket,
    packets,
    tsOffset: sample.indexOf('1000000000000'),
    seqOffset: sample.indexOf('"seq":') + 6,
    sentAt: new Float64Array(inFlight),
    rest: Buffer.alloc(0),
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
