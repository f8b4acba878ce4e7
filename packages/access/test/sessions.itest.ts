import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import type { SessionRow } from '@ronda/contracts/session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newToken, sha256Hex } from '../src/secrets.ts'
import { type Sessions, createSessions } from '../src/sessions.ts'

const hour = 3_600_000
const day = 24 * hour

let dir: string
let backbone: Backbone
let now: number
const adminToken = newToken()

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-access-'))
  backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  now = Date.UTC(2026, 10, 21)
})
afterEach(async () => {
  await backbone.close()
  rmSync(dir, { recursive: true })
})

function sessions(more: { pagePort?: number; remembersUse?: boolean } = {}): Sessions {
  return createSessions({ backbone, adminToken, pagePort: 8080, remembersUse: true, now: () => now, ...more })
}

/** The `Cookie` header of a new session. */
async function begin(more: Partial<SessionRow> = {}): Promise<{ cookie: string; key: string }> {
  const id = newToken()
  const key = sha256Hex(id)
  const times = { createdAt: now, seenAt: now, expiresAt: now + 30 * day }
  const value = { name: 'Sari', role: 'operator', address: '127.0.0.1', browser: '', ...times, ...more } as const
  await backbone.commit({ writes: [{ bucket: 'sessions', key, value }] })
  return { cookie: `other=1; ronda_8080=${id}`, key }
}

test('a session says who is asking, and in whose account', async () => {
  const { cookie, key } = await begin()
  expect(await sessions().whoAsks({ cookie })).toEqual({ name: 'Sari', role: 'operator', by: 'cookie', session: key })
  const budi = await begin({ name: 'Budi', account: 'budi', role: 'viewer' })
  expect(await sessions().whoAsks(budi)).toMatchObject({ name: 'Budi', role: 'viewer', account: 'budi' })
  expect(await sessions({ pagePort: 443 }).whoAsks({ cookie })).toBeUndefined()
  for (const none of ['', 'ronda_8080=', `ronda_8080=${key}`, `ronda_8080=${newToken()}`]) {
    expect(await sessions().whoAsks({ cookie: none })).toBeUndefined()
  }
})

describe('it ends', () => {
  const holds = async ({ cookie }: { cookie: string }) => (await sessions().find(cookie)) !== undefined

  test('when it is not used for twelve hours, and goes on when it is', async () => {
    const [used, unused] = [await begin(), await begin()]
    now += 11 * hour
    expect(await holds(used)).toBe(true)
    now += hour
    expect(await holds(unused)).toBe(false)
    expect(await sessions().holds(unused.key)).toBe(false)
    now += 10 * hour
    expect(await holds(used)).toBe(true)
    expect(await sessions().holds(used.key)).toBe(true)
  })

  test('after thirty days, however much it is used', async () => {
    const session = await begin()
    for (let hours = 0; hours < 30 * 24; hours += 8) {
      expect(await holds(session)).toBe(true)
      now += 8 * hour
    }
    expect(await holds(session)).toBe(false)
  })

  test('when its row is gone, and what was asked meanwhile does not bring it back', async () => {
    const session = await begin()
    now += hour
    const asking = sessions().find(session.cookie)
    await backbone.commit({ writes: [{ bucket: 'sessions', key: session.key, value: undefined }] })
    await asking
    expect(await backbone.bucket('sessions').list()).toEqual([])
  })
})

test('use is remembered to ten minutes, by whoever is to', async () => {
  const { cookie, key } = await begin()
  const seenAt = async () => (await backbone.bucket('sessions').get(key))?.value.seenAt
  const begun = now
  now += 9 * 60_000
  await sessions().find(cookie)
  expect(await seenAt()).toBe(begun)
  now += 2 * 60_000
  await sessions({ remembersUse: false }).find(cookie)
  expect(await seenAt()).toBe(begun)
  await sessions().find(cookie)
  expect(await seenAt()).toBe(now)
})

test('the administrator’s token, and nothing like it', async () => {
  expect(await sessions().whoAsks({ authorization: `Bearer ${adminToken}` })).toEqual({
    name: 'admin',
    role: 'administrator',
    by: 'token',
  })
  for (const authorization of [`Bearer ${newToken()}`, `Basic ${adminToken}`, adminToken, 'Bearer ', '']) {
    expect(await sessions().whoAsks({ authorization })).toBeUndefined()
  }
})
