import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Sender } from 'ws'
import { createFrameReader } from './web-socket.ts'

const text = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }
const ping = { ...text, opcode: 9 }

function read(chunks: readonly Buffer[]): { texts: string[]; pings: string[] } {
  const texts: string[] = []
  const pings: string[] = []
  const take = createFrameReader(
    (data, start, end) => texts.push(data.toString('latin1', start, end)),
    (payload) => pings.push(payload.toString('latin1')),
  )
  // One buffer for all, as a socket has it.
  const shared = Buffer.alloc(200_000)
  for (const chunk of chunks) take(shared.subarray(0, chunk.copy(shared)))
  return { texts, pings }
}

function split(data: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((cut) => cut % (data.length + 1)), data.length].toSorted((a, b) => a - b)
  return ends.map((end, n) => data.subarray(ends[n - 1] ?? 0, end))
}

describe('frames', () => {
  test('of every length, however their bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0, 125, 126, 65_535, 65_536), fc.nat(2_000)), { maxLength: 3 }),
        fc.array(fc.nat(200_000), { maxLength: 20 }),
        (lengths, cuts) => {
          const texts = lengths.map((length, n) => String(n).repeat(length))
          const frames = texts.flatMap((each) => [
            ...Sender.frame(Buffer.from('still there?'), ping),
            ...Sender.frame(Buffer.from(each), text),
          ])
          expect(read(split(Buffer.concat(frames), cuts))).toEqual({
            texts,
            pings: texts.map(() => 'still there?'),
          })
        },
      ),
      { numRuns: 200 },
    )
  })
})
