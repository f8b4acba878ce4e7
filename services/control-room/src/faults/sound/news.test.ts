import { expect, test } from 'vitest'
import { createNews } from './news.ts'

test('what is there when the list is told is no news, what comes then is, once', () => {
  const news = createNews()
  expect(news.hear(undefined)).toBe(0)
  expect(news.hear(['a', 'b'])).toBe(0)
  expect(news.hear(['a', 'b', 'c', 'd'])).toBe(2)
  expect(news.hear(['c'])).toBe(0)
  // Acknowledged, closed, and raised again: the same fault.
  expect(news.hear(['a', 'c', 'd'])).toBe(0)
})

test('another subscription has its own beginning', () => {
  const news = createNews()
  news.hear(['a'])
  news.hear(undefined)
  expect(news.hear(['b'])).toBe(0)
  expect(news.hear(['b', 'c'])).toBe(1)
})
