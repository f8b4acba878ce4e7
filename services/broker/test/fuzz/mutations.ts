// What is done to a stream of packets so that it is one no more.
import type { Random } from './random.ts'

type Mutation = (random: Random, packets: Buffer[]) => void

/** Bytes at which parsers go wrong: ends of ranges, and text that is none. */
const awkward = [
  [0x00],
  [0x7f],
  [0x80],
  [0xff],
  [0xff, 0xff],
  [0x80, 0x80, 0x80, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0x2b],
  [0x23],
  [0x24],
].map((bytes) => Buffer.from(bytes))

/** Replaces one packet of those that are there. */
function replaceOne(change: (random: Random, packet: Buffer, packets: readonly Buffer[]) => Buffer): Mutation {
  return (random, packets) => {
    const i = random.below(packets.length)
    const packet = packets[i]
    if (packet !== undefined) packets[i] = change(random, packet, packets)
  }
}

const mutations: readonly Mutation[] = [
  // Bits flipped.
  replaceOne((random, packet) => {
    const changed = Buffer.from(packet)
    for (let n = 1 + random.below(8); n > 0 && changed.length > 0; n--) {
      const at = random.below(changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    }
    return changed
  }),
  // Cut short.
  replaceOne((random, packet) => packet.subarray(0, random.below(packet.length + 1))),
  // Another type or other flags.
  replaceOne((random, packet) => Buffer.concat([Buffer.from([random.below(256)]), packet.subarray(1)])),
  // Another length.
  replaceOne((random, packet) =>
    Buffer.concat([
      packet.subarray(0, 1),
      random.chance(0.5) ? random.pick(awkward) : random.bytes(1),
      packet.subarray(2),
    ]),
  ),
  // Bytes put in, or in the place of others.
  replaceOne((random, packet) => {
    const at = random.below(packet.length + 1)
    const more = random.chance(0.7) ? random.pick(awkward) : random.bytes(1 + random.below(16))
    const goOn = random.chance(0.5) ? at : at + more.length
    return Buffer.concat([packet.subarray(0, at), more, packet.subarray(goOn)])
  }),
  // The beginning of one and the end of another.
  replaceOne((random, packet, packets) => {
    const other = random.pick(packets)
    return Buffer.concat([
      packet.subarray(0, random.below(packet.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ])
  }),
  // Nothing that was ever a packet.
  replaceOne((random) => random.bytes(1 + random.below(64))),
  // Twice, later, not at all, or in another order.
  (random, packets) => packets.splice(random.below(packets.length + 1), 0, random.pick(packets)),
  (random, packets) => void packets.splice(random.below(packets.length), 1 + random.below(2)),
  (random, packets) => {
    const [packet] = packets.splice(random.below(packets.length), 1)
    if (packet !== undefined) packets.splice(random.below(packets.length + 1), 0, packet)
  },
]

/** Between one and four of them, one after the other. Mostly behind a good beginning, which is left as it is. */
export function mutate(random: Random, stream: readonly Buffer[]): { good: Buffer[]; changed: Buffer[] } {
  const from = random.chance(0.85) ? Math.min(stream.length - 1, 1 + random.below(stream.length)) : 0
  const changed = stream.slice(from)
  for (let n = 1 + random.below(4); n > 0 && changed.length > 0; n--) random.pick(mutations)(random, changed)
  return { good: stream.slice(0, from), changed }
}

/** The same bytes in pieces as a network might bring them. */
export function inPieces(random: Random, packets: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(packets)
  if (random.chance(0.5)) return [all]
  const pieces: Buffer[] = []
  for (let from = 0; from < all.length; ) {
    const to = from + 1 + random.below(random.chance(0.5) ? 8 : 512)
    pieces.push(all.subarray(from, to))
    from = to
  }
  return pieces
}
