// The reconnect storm, a process of its own: as after a power cut or a restart of the broker, every connection is
// opened at once and sends its CONNECT without waiting for anyone; then each publishes one QoS 1 message at once.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Credentials } from '../servers/ronda.ts'
import { usageOf } from '../usage.ts'
import { openConnection } from './connection.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import { createReadings } from './readings.ts'

export interface StormOrder {
  port: number
  /** The broker's process, whose use of the machine is measured. */
  pid: number
  credentials: readonly Credentials[]
  /** Who has no answer after that has failed; of each of the two phases. */
  timeoutMs: number
}

export interface StormResult {
  connected: Phase
  acknowledged: Phase
  /** The broker's processor time over both. */
  cpuMs: number
}

/** From the moment in which all began. */
export interface Phase {
  /** Until the last answer. */
  lastMs: number
  answerMs: Quantiles
  /** Refused, broken off, or without an answer in time. */
  failed: number
}

process.once('message', (order: StormOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({ port, pid, credentials, timeoutMs }: StormOrder): Promise<StormResult> {
  const cpuMsBefore = usageOf(pid).cpuMs
  const clients: { socket: Socket; topics: readonly string[] }[] = []
  const connected = await phase(credentials, timeoutMs, async (each) => {
    clients.push({ socket: await openConnection(port, each), topics: each.topics })
  })
  const acknowledged = await phase(clients, timeoutMs, ({ socket, topics }, index) => publishOne(socket, topics, index))
  return { connected, acknowledged, cpuMs: usageOf(pid).cpuMs - cpuMsBefore }
}

/** Does it for all at once and times each. */
async function phase<T>(
  all: readonly T[],
  timeoutMs: number,
  act: (each: T, index: number) => Promise<unknown>,
): Promise<Phase> {
  const startedAt = performance.now()
  const answered: number[] = []
  const acting = all.map((each, index) =>
    act(each, index).then(
      () => void answered.push(performance.now() - startedAt),
      // It is missing among the answered.
      () => {},
    ),
  )
  let timer: NodeJS.Timeout | undefined
  await Promise.race([Promise.all(acting), new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)))])
  clearTimeout(timer)
  return {
    lastMs: answered.at(-1) ?? Number.NaN,
    answerMs: quantilesOf(answered),
    failed: all.length - answered.length,
  }
}

/** Nothing but its PUBACK is to come. */
async function publishOne(socket: Socket, topics: readonly string[], sequence: number): Promise<void> {
  const { packets, stamp } = createReadings(topics, 1)
  const [packet] = packets
  if (packet === undefined) return
  stamp(packet, sequence)
  socket.write(packet)
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  await once(socket, 'data', { signal: gone.signal })
}
