import { mostNotices } from '@ronda/contracts/record'
import { expect, test } from 'vitest'
import { createNotices } from './notices.ts'

test('one stays with its beginning while it is raised, and goes after five quiet minutes', () => {
  let at = 0
  const notices = createNotices({ now: () => 1_000_000 + at, elapsed: () => at })
  const notice = { code: 'mqtt_client_id_contested', who: 'device:pju-1', since: 1_000_000 } as const
  for (at = 0; at <= 600_000; at += 60_000) notices.raise(notice.code, notice.who)
  expect(notices.list()).toEqual([notice])
  at = 600_000 + 300_000
  expect(notices.list()).toEqual([notice])
  at++
  expect(notices.list()).toEqual([])
})

test('the newest stay', () => {
  const notices = createNotices({ now: () => 0, elapsed: () => 0 })
  for (let i = 0; i < 30; i++) notices.raise('mqtt_client_id_contested', `device:${i}`)
  notices.raise('mqtt_client_id_contested', 'device:15')
  const who = notices.list().map((each) => each.who)
  expect(who).toHaveLength(mostNotices)
  expect(who.slice(-2)).toEqual(['device:29', 'device:15'])
  expect(who[0]).toBe('device:10')
})
