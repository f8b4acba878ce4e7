import { expect, test } from 'vitest'
import { createUnreleased } from './unreleased.ts'

function setUp() {
  const unreleased = createUnreleased()
  const answers: string[] = []
  const take = (name: string, id = 1) =>
    unreleased.take('pju-1', id, (error) => void answers.push(`${name} ${error === null ? 'stored' : 'failed'}`))
  const store = (taken: ReturnType<typeof take>, error: Error | null = null) => {
    if (typeof taken !== 'function') throw new Error(`a ${taken} is not stored`)
    taken(error)
  }
  return { unreleased, answers, take, store }
}

test('a copy is answered with its message, one that comes later at once', () => {
  const { answers, take, store } = setUp()
  const first = take('first')
  expect(take('copy')).toBe('copy')
  expect(answers).toEqual([])
  store(first)
  expect(take('late')).toBe('copy')
  expect(answers).toEqual(['copy stored', 'late stored'])
})

test('copies are answered also when their session ended before the message was stored', () => {
  const { unreleased, answers, take, store } = setUp()
  const first = take('first')
  take('copy')
  unreleased.forget('pju-1')
  store(first)
  expect(answers).toEqual(['copy stored'])
})

test('a message answers its own copies only, whoever has its id by then', () => {
  const { unreleased, answers, take, store } = setUp()
  const before = take('before')
  unreleased.forget('pju-1')
  const after = take('after')
  take('copy of after')
  store(before, new Error('the disk is full'))
  expect(answers).toEqual([])
  store(after)
  expect(answers).toEqual(['copy of after stored'])
})

test('what could not be stored may be sent again', () => {
  const { answers, take, store } = setUp()
  const first = take('first')
  take('copy')
  store(first, new Error('the disk is full'))
  expect(answers).toEqual(['copy failed'])
  expect(take('again')).toBeTypeOf('function')
})
