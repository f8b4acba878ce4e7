// The control rooms, a process of its own, together with who tells of the faults that they hear: the time of an event
// on its way is then that of one clock. How much processor time the delivery takes of who delivers, how soon an event
// is there, and whether rooms that stop reading delay the others.
import { openBackbone } from '@ronda/backbone/open'
import { readEnvironment } from '@ronda/runtime/config'
import { setTimeout as delay } from 'node:timers/promises'
import { usageOf } from '../usage.ts'
import { type FaultTeller, createFaultTeller } from './fault-teller.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import { type OnText, type RawWebSocket, type WebSocketAddress, openWebSocket } from './web-socket.ts'

export interface AudienceOrder {
  address: WebSocketAddress
  /** The process that delivers, whose processor time is measured. */
  pid: number
  /** The data directory whose stream it follows. */
  dir: string
  rooms: number
  warmUpMs: number
  measureMs: number
  /** Others that come in addition and stop reading; not tried when absent. */
  frozen?: { rooms: number; rounds: number; metricsUrl: string }
}

export interface AudienceResult {
  /** Each event is told when all have heard the one before. */
  oneByOne: Delivered
  /** As many as are taken. */
  many: Delivered
  frozen: FrozenRound[]
}

export interface Delivered {
  perCpuSecond: number
  perSecond: number
  /** From before the commit of an event until a room has it. */
  latency: Quantiles
}

/** How soon the rooms hear that read, while the others read too, and then do not. */
export interface FrozenRound {
  reading: Quantiles
  frozen: Quantiles
}

/** Who reads, and who stops reading, listen to this one; only the latter to the other one too. */
const [common, aside] = ['serpong', 'pamulang']
const connectBatch = 100
/** Of `{"type":"…`, as every message begins. */
const typeOffset = '{"type":"'.length
/** Every so many rooms are timed. */
const sampleEvery = 20
/** Events that are told before they are heard, and in one commit, when as many are told as are taken. */
const [ahead, atOnce] = [128, 32]
/** What is told while some rooms do not read: a third of what one core can deliver. */
const calmEveryMs = 50
/** Until the system's own buffers of a socket that is not read are full. */
const bulky = { note: 'x'.repeat(8_000) }
const bulkyAtOnce = 50
const mostBulky = 100

process.once('message', (order: AudienceOrder) => {
  void run(order).then((result) => process.send?.(result, () => process.exit(0)))
})

async function run({ address, pid, dir, rooms: count, warmUpMs, measureMs, frozen }: AudienceOrder) {
  const backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
  const teller = createFaultTeller(backbone)
  const audience = await gather(address, count, teller)
  await audience.tellOneByOne(warmUpMs)
  const oneByOne = await audience.measure(pid, () => audience.tellOneByOne(measureMs))
  await audience.tellMany(warmUpMs)
  const many = await audience.measure(pid, () => audience.tellMany(measureMs))
  const rounds: FrozenRound[] = []
  for (let round = 0; round < (frozen?.rounds ?? 0); round++) {
    if (frozen !== undefined) rounds.push(await measureFrozen(frozen))
  }
  audience.close()
  await backbone.close()
  return { oneByOne, many, frozen: rounds } satisfies AudienceResult

  async function measureFrozen(options: NonNullable<AudienceOrder['frozen']>): Promise<FrozenRound> {
    const ignore = () => {}
    const others = await openRooms(address, { count: options.rooms, districts: [] }, ignore, ignore)
    const calm = async () => {
      // What was told before is heard by then.
      await audience.tellCalmly(warmUpMs)
      return (await audience.measure(pid, () => audience.tellCalmly(measureMs))).latency
    }
    const reading = await calm()
    for (const { pause } of others) pause()
    for (let told = 0; (await behind(options.metricsUrl)) < options.rooms; told++) {
      if (told === mostBulky) throw new Error('rooms that do not read are taken for such that do')
      await teller.tell(bulkyAtOnce, { district: aside, evidence: bulky })
    }
    const whileFrozen = await calm()
    if ((await behind(options.metricsUrl)) < options.rooms) throw new Error('the rooms that do not read were ended')
    for (const { close } of others) close()
    return { reading, frozen: whileFrozen }
  }

  async function behind(metricsUrl: string): Promise<number> {
    const answer = await fetch(metricsUrl, { headers: { authorization: address.authorization ?? '' } })
    return Number(/^ronda_fanout_catching_up_readers (\d+)$/m.exec(await answer.text())?.[1])
  }
}

async function gather(address: WebSocketAddress, count: number, teller: FaultTeller) {
  const toldAt: number[] = []
  let heard = 0
  let samples: number[] = []
  let awaited = Number.POSITIVE_INFINITY
  let onHeard = () => {}
  const heardBy = new Uint32Array(count)
  const onEvent = (room: number) => {
    const n = heardBy[room] ?? 0
    heardBy[room] = n + 1
    if (room % sampleEvery === 0) samples.push(performance.now() - (toldAt[n] ?? Number.NaN))
    if (++heard >= awaited) onHeard()
  }
  const rooms = await openRooms(address, { count, districts: [common] }, onEvent, failOfClosed)

  async function tell(events: number): Promise<void> {
    const now = performance.now()
    for (let n = 0; n < events; n++) toldAt.push(now)
    await teller.tell(events, { district: common })
  }

  /** Resolves when the rooms, on an average, have heard all but so many. */
  async function whenHeard(allBut: number): Promise<void> {
    awaited = (toldAt.length - allBut) * rooms.length
    if (heard < awaited) await new Promise<void>((resolve) => (onHeard = resolve))
    awaited = Number.POSITIVE_INFINITY
  }

  async function forMs(ms: number, act: () => Promise<void>): Promise<void> {
    const until = performance.now() + ms
    while (performance.now() < until) await act()
    await whenHeard(0)
  }

  return {
    tellOneByOne: (ms: number) =>
      forMs(ms, async () => {
        await tell(1)
        await whenHeard(0)
      }),
    tellMany: (ms: number) =>
      forMs(ms, async () => {
        await tell(atOnce)
        await whenHeard(ahead)
      }),
    tellCalmly: (ms: number) =>
      forMs(ms, async () => {
        await tell(1)
        await delay(calmEveryMs)
      }),
    async measure(pid: number, act: () => Promise<void>): Promise<Delivered> {
      samples = []
      const [before, cpuMsBefore, startedAt] = [heard, usageOf(pid).cpuMs, performance.now()]
      await act()
      const deliveries = heard - before
      return {
        perCpuSecond: (deliveries / (usageOf(pid).cpuMs - cpuMsBefore)) * 1_000,
        perSecond: (deliveries / (performance.now() - startedAt)) * 1_000,
        latency: quantilesOf(samples),
      }
    },
    close() {
      for (const { close } of rooms) close()
    },
  }
}

/** All have caught up; then `onEvent` tells which of them hears an event. */
async function openRooms(
  address: WebSocketAddress,
  { count, districts }: { count: number; districts: readonly string[] },
  onEvent: (room: number) => void,
  onClose: () => void,
): Promise<RawWebSocket[]> {
  const rooms: RawWebSocket[] = []
  while (rooms.length < count) {
    const first = rooms.length
    const batch = Array.from({ length: Math.min(connectBatch, count - first) }, async (_, n) => {
      const caughtUp = Promise.withResolvers<void>()
      const onText: OnText = (data, start) => {
        // The types of messages differ in their first two letters.
        const type = data.toString('latin1', start + typeOffset, start + typeOffset + 2)
        if (type === 'fa') onEvent(first + n)
        else if (type === 'st') caughtUp.resolve()
      }
      const room = await openWebSocket(address, onText, onClose)
      room.send(JSON.stringify({ type: 'subscribe', filter: { districts } }))
      await caughtUp.promise
      return room
    })
    rooms.push(...(await Promise.all(batch)))
  }
  return rooms
}

function failOfClosed(): never {
  throw new Error('a control room that reads was closed')
}
