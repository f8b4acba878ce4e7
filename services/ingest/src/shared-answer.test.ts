import { expect, test } from 'vitest'
import { shareAnswer } from './shared-answer.ts'

function counted() {
  let made = 0
  let now = 0
  const answers: PromiseWithResolvers<number>[] = []
  const ask = shareAnswer(
    () => {
      made += 1
      const answer = Promise.withResolvers<number>()
      answers.push(answer)
      return answer.promise
    },
    { keptMs: 100, elapsed: () => now },
  )
  return { ask, answers, made: () => made, pass: (ms: number) => void (now += ms) }
}

test('is made once for all who ask while it is made, and for a while after that', async () => {
  const { ask, answers, made, pass } = counted()
  const both = [ask(), ask()]
  pass(5)
  both.push(ask())
  answers[0]?.resolve(1)
  expect(await Promise.all(both)).toEqual([1, 1, 1])
  pass(99)
  expect(await ask()).toBe(1)
  pass(1)
  const next = ask()
  answers[1]?.resolve(2)
  expect(await next).toBe(2)
  expect(made()).toBe(2)
})

test('is tried again after a failure', async () => {
  const { ask, answers } = counted()
  const first = ask()
  answers[0]?.reject(new Error('the disk is full'))
  await expect(first).rejects.toThrow('the disk is full')
  const next = ask()
  answers[1]?.resolve(2)
  expect(await next).toBe(2)
})

test('that took long to make is kept for longer', async () => {
  const { ask, answers, made, pass } = counted()
  const first = ask()
  pass(1_000)
  answers[0]?.resolve(1)
  await first
  pass(8_999)
  expect(await ask()).toBe(1)
  pass(1)
  const next = ask()
  answers[1]?.resolve(2)
  expect(await next).toBe(2)
  expect(made()).toBe(2)
})
