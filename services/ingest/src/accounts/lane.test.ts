import { expect, test } from 'vitest'
import { createLane } from './lane.ts'

test('one at a time, in their order, and beyond those who may wait nobody', async () => {
  let refused = 0
  const lane = createLane({ mostWaiting: 2, onFull: () => void refused++ })
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (n: number) => async () => {
    begun.push(n)
    await new Promise<void>((resolve) => ends.push(resolve))
    return n
  }
  const [first, second, third] = [lane(work(1)), lane(work(2)), lane(work(3))]
  await expect(lane(work(4))).rejects.toMatchObject({ code: 'sign_in_busy' })
  expect(refused).toBe(1)
  expect(begun).toEqual([1])
  ends[0]?.()
  expect(await first).toBe(1)
  expect(begun).toEqual([1, 2])
  const fifth = lane(work(5))
  ends[1]?.()
  expect(await second).toBe(2)
  ends[2]?.()
  expect(await third).toBe(3)
  ends[3]?.()
  expect(await fifth).toBe(5)
})

test('work that fails lets the next one in', async () => {
  const lane = createLane({ mostWaiting: 1, onFull: () => {} })
  const failing = lane(() => Promise.reject(new Error('no')))
  const next = lane(async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
  expect(await lane(async () => 'again')).toBe('again')
})
