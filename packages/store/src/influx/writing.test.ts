import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Row } from '../store.ts'
import type { InfluxServer, Refusal } from './server.ts'
import { writeRows } from './writing.ts'

function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, energyWh) => ({
    measurement: 'streetlight',
    device: 'd',
    district: 'x',
    tsMs: energyWh,
    sub: 0,
    fields: { energyWh },
  }))
}

const numberOf = (line: string) => Number(/energyWh=(\d+)/.exec(line)?.[1])

/** A server that does not take some lines. As 1.x and 2.x it takes the others, or as others do none of them. */
function serverWithout(bad: ReadonlySet<number>, { partial, tells }: { partial: boolean; tells: boolean }) {
  const kept = new Set<number>()
  let requests = 0
  const server: Pick<InfluxServer, 'write'> = {
    async write(lines): Promise<Refusal | undefined> {
      requests++
      const numbers = lines.map(numberOf)
      const refused = numbers.filter((each) => bad.has(each))
      if (refused.length === 0 || partial) for (const each of numbers) if (!bad.has(each)) kept.add(each)
      if (refused.length === 0) return undefined
      return { reason: `not ${refused[0]}`, tooLarge: false, ...(tells ? { dropped: refused.length } : {}) }
    },
  }
  return { server, kept, requests: () => requests }
}

test('whatever lines the server does not take: those are rejected, each once, and all others are in', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 300 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 299 })),
      fc.record({ partial: fc.boolean(), tells: fc.boolean() }),
      async (count, badNumbers, how) => {
        const bad = new Set(badNumbers.filter((each) => each < count))
        const { server, kept } = serverWithout(bad, how)
        const rows = rowsOf(count)
        const rejected = await writeRows(server, rows)
        expect(rejected.map(({ row }) => rows.indexOf(row))).toEqual([...bad].toSorted((a, b) => a - b))
        expect(kept).toEqual(new Set(rows.map((_, i) => i).filter((i) => !bad.has(i))))
      },
    ),
  )
})

test('one bad line of thousands costs a few requests, all bad ones one', async () => {
  const one = serverWithout(new Set([3_210]), { partial: true, tells: true })
  expect(await writeRows(one.server, rowsOf(5_000))).toMatchObject([{ reason: 'not 3210' }])
  expect(one.requests()).toBeLessThan(30)
  const all = serverWithout(new Set(Array.from({ length: 5_000 }, (_, i) => i)), { partial: true, tells: true })
  expect(await writeRows(all.server, rowsOf(5_000))).toHaveLength(5_000)
  expect(all.requests()).toBe(1)
})

test('a failure that is not the lines’ ends the writing', async () => {
  const failing: Pick<InfluxServer, 'write'> = { write: () => Promise.reject(new Error('down')) }
  await expect(writeRows(failing, rowsOf(10))).rejects.toThrow('down')
})
