import { expect, test } from 'vitest'
import type { Resolve } from './addresses.ts'
import { resolveInTurn } from './resolving.ts'

/** A resolver that answers when it is told to, and resolvers in turn before it. */
function setting(most: number) {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const told: string[] = []
  const slow: Resolve = (host, _options, callback) => {
    asked.push(host)
    answers.push(() => callback(null, [{ address: '127.0.0.1', family: 4 }]))
  }
  const resolve = resolveInTurn(slow, most)
  const ask = (host: string) =>
    resolve(host, { all: true }, (error, [first]) => void told.push(`${host} ${error?.message ?? first?.address}`))
  return { ask, asked, answer: () => answers.shift()?.(), told }
}

test('two are looked up at a time, the others in their turn', () => {
  const { ask, asked, answer, told } = setting(2)
  for (const host of ['a', 'b', 'c', 'd']) ask(host)
  expect(asked).toEqual(['a', 'b'])
  answer()
  expect(asked).toEqual(['a', 'b', 'c'])
  answer()
  answer()
  answer()
  expect(told).toEqual(['a 127.0.0.1', 'b 127.0.0.1', 'c 127.0.0.1', 'd 127.0.0.1'])
  ask('e')
  expect(asked.at(-1)).toBe('e')
})

test('a name that is asked for again meanwhile is looked up once', () => {
  const { ask, asked, answer, told } = setting(2)
  for (const host of ['a', 'a', 'b', 'a', 'c']) ask(host)
  expect(asked).toEqual(['a', 'b'])
  answer()
  expect(told).toEqual(['a 127.0.0.1', 'a 127.0.0.1', 'a 127.0.0.1'])
  expect(asked).toEqual(['a', 'b', 'c'])
  ask('a')
  answer()
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('too many are refused at once', () => {
  const { ask, asked, told } = setting(1)
  for (let n = 0; n < 65; n++) ask(`h${n}`)
  expect(asked).toEqual(['h0'])
  expect(told).toEqual([expect.stringMatching(/^h64 h64 is not looked up/)])
})
