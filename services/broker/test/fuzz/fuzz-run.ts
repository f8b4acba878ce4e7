// One run: a broker as a process, streams of packets that were mutated from a seed, clients that behave among them,
// and in the end a look at what may not have happened: a dead or complaining broker, a client that behaves without
// its answers, memory that was not given back, acknowledged messages that are not in the log.
import { setTimeout as after } from 'node:timers/promises'
import { missingFrom } from './acknowledged.ts'
import { createCast } from './cast.ts'
import { connectOf, streamOf } from './corpus.ts'
import { type FuzzedBroker, startFuzzedBroker } from './fuzzed-broker.ts'
import { inPieces, mutate } from './mutations.ts'
import { type Random, createRandom } from './random.ts'
import { type Leaving, type Sent, behave, sendParts, startWitness } from './sessions.ts'

export interface FuzzOptions {
  seed: number
  /** Packets to send, mutated or not. */
  packets: number
  /** Only the stream of this number, to look at it. */
  only?: number
  onProgress?: (sent: number) => void
}

export interface FuzzReport {
  seed: number
  packets: number
  streams: number
  seconds: number
  acknowledged: number
  slowestMs: number
  /** MB when it was warm, at most, and in the end. */
  memoryMb: { warm: number; peak: number; end: number } | undefined
  /** What may not happen; empty is good. */
  findings: string[]
}

const atOnce = 24
/** By then code is compiled and buffers have their size. */
const warmUpPackets = 100_000
/** What may be kept in the end beyond what was there when it was warm: sessions and what waits in them. */
const keptMb = 96
const settleMs = 60_000

export async function runFuzz({ seed, packets, only, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const cast = createCast()
  const broker = await startFuzzedBroker(cast.register)
  const witness = await startWitness(broker.port, cast.witness)
  const findings = new Set<string>()
  /** The streams after which something was found. */
  const found = new Map<string, number[]>()
  const running = new Set<number>()
  let sent = 0
  let streams = only ?? 0
  /** The next number of a message of clients that behave; the witness counts its own. */
  let numbers = 0
  /** Of those, what may not have been acknowledged. */
  const unanswered = new Set<number>()
  let acknowledged = 0
  let memory: { warm: number; peak: number } | undefined
  const startedAt = performance.now()

  function note(stream: number, finding: string | undefined): void {
    if (finding !== undefined) found.set(finding, [...(found.get(finding) ?? []), stream])
  }

  async function sendStream(stream: number): Promise<void> {
    const random = createRandom(seed, stream)
    if (random.chance(0.1)) {
      const count = 1 + random.below(20)
      const mine = Array.from({ length: count }, () => numbers++)
      sent += count + 2
      const finding = await behave(broker.port, random.pick(cast.behaving), mine)
      if (finding !== undefined) for (const n of mine) unanswered.add(n)
      note(stream, finding)
      return
    }
    for (const { acknowledged: count, finding } of await misbehave(random)) {
      acknowledged += count
      note(stream, finding)
    }
  }

  function misbehave(random: Random): Promise<Sent[]> {
    const identity = cast.pick(random)
    const isFlood = random.chance(0.05)
    const streamsOfPackets = isFlood
      ? Array.from({ length: 30 }, () => [connectOf(random, identity)])
      : [streamOf(random, identity, 5 + random.below(40))]
    const leaving: Leaving = random.chance(0.8) ? 'finished' : random.pick(['reset', 'deaf'])
    return Promise.all(
      streamsOfPackets.map((stream) => {
        const isWhole = isFlood && random.chance(0.7)
        const { good, changed } = isWhole ? { good: stream, changed: [] } : mutate(random, stream)
        sent += good.length + changed.length
        // Mostly one is answered before the next comes: what is behind a broken packet, or before CONNACK, is hardly
        // looked at.
        const parts = random.chance(0.8) ? [good.slice(0, 1), good.slice(1), changed] : [[...good, ...changed]]
        const pieces = parts.filter((part) => part.length > 0).map((part) => inPieces(random, part))
        return sendParts(broker.port, pieces, leaving)
      }),
    )
  }

  function measure(): void {
    const now = broker.memory()
    if (now === undefined || sent < Math.min(warmUpPackets, packets / 5)) return
    memory = { warm: memory?.warm ?? now, peak: Math.max(memory?.peak ?? 0, now) }
  }

  async function work(): Promise<void> {
    while (sent < packets && broker.death === undefined) {
      const stream = streams++
      running.add(stream)
      await sendStream(stream)
      running.delete(stream)
      if (stream % 64 === 0) {
        measure()
        onProgress?.(sent)
      }
      if (only !== undefined) return
    }
  }

  await Promise.all(Array.from({ length: only === undefined ? atOnce : 1 }, work))
  const seconds = (performance.now() - startedAt) / 1_000
  if (broker.death !== undefined)
    findings.add(`the broker died: ${broker.death}; streams under way: ${[...running].join(', ')}`)
  const end = memory === undefined ? undefined : await settled(broker, memory.warm + keptMb * 2 ** 20)
  const witnessed = await witness.stop()
  if (witnessed !== undefined) findings.add(`the witness: ${witnessed}`)
  if (memory !== undefined && end !== undefined && end > memory.warm + keptMb * 2 ** 20) {
    findings.add(`memory was not given back: ${toMb(memory.warm)} MB when warm, ${toMb(end)} MB in the end`)
  }
  const missing = await missingFrom(broker.backbone, cast, {
    ofWitness: witness.acknowledged,
    ofBehaving: numbers,
    unanswered,
    ofOthers: acknowledged,
  })
  for (const finding of missing) findings.add(finding)
  for (const [finding, where] of found) {
    findings.add(`${finding}: ${where.length} times, after the streams ${where.slice(0, 20).join(', ')}`)
  }
  for (const complaint of broker.complaints) findings.add(`the broker complained: ${complaint}`)
  await broker.stop()
  const memoryMb =
    memory === undefined || end === undefined
      ? undefined
      : { warm: toMb(memory.warm), peak: toMb(memory.peak), end: toMb(end) }
  return {
    seed,
    packets: sent,
    streams,
    seconds,
    acknowledged: acknowledged + numbers - unanswered.size + witness.acknowledged,
    slowestMs: Math.round(witness.slowestMs),
    memoryMb,
    findings: [...findings],
  }
}

const toMb = (bytes: number) => Math.round(bytes / 2 ** 20)

/** Memory once all but the witness are gone and it is below this, or as it is after a while. */
async function settled(broker: FuzzedBroker, below: number): Promise<number | undefined> {
  const until = performance.now() + settleMs
  for (;;) {
    const connections = (await broker.backbone.bucket('sources').get('broker'))?.value.connections
    const memory = broker.memory()
    if (memory === undefined || performance.now() > until || (connections === 1 && memory < below)) return memory
    await after(200)
  }
}
