import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newToken, sha256Hex } from '../src/secrets.ts'
import { type Access, createAccess } from '../src/sessions.ts'

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

function access(more: { pagePort?: number; secure?: boolean } = {}): Access {
  return createAccess({ backbone, adminToken, pagePort: 8080, secure: false, now: () => now, ...more })
}

const cookieOf = (setCookie: string) => setCookie.split(';')[0]

describe('signing in', () => {
  test('a link is used once, and what it gives is a session', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const { session, setCookie } = await access().signIn(token)
    expect(session).toMatchObject({ name: 'Sari', role: 'operator' })
    expect(setCookie).toMatch(/^ronda_8080=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(await access().whoAsks({ cookie: cookieOf(setCookie) })).toEqual({
      name: 'Sari',
      role: 'operator',
      by: 'cookie',
    })
    await expect(access().signIn(token)).rejects.toMatchObject({ code: 'sign_in_token_invalid' })
  })

  test('of two who use a link at once, one gets in', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const outcomes = await Promise.allSettled([access().signIn(token), access().signIn(token)])
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('a link ends after ten minutes, a session after thirty days', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const late = await access().makeSignInToken('Budi', 'operator')
    const { setCookie } = await access().signIn(token)
    now += 10 * 60_000
    await expect(access().signIn(late.token)).rejects.toMatchObject({ code: 'sign_in_token_invalid' })
    now += 29 * 86_400_000
    expect(await access().sessionOf(cookieOf(setCookie))).toMatchObject({ name: 'Sari' })
    now += 86_400_000
    expect(await access().sessionOf(cookieOf(setCookie))).toBeUndefined()
  })

  test('signing out ends the session', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const cookie = cookieOf((await access().signIn(token)).setCookie)
    expect((await access().signOut(cookie)).setCookie).toMatch(/^ronda_8080=; Max-Age=0;/)
    expect(await access().whoAsks({ cookie })).toBeUndefined()
  })

  test('the cookie of another port, and over https, is another', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const { setCookie } = await access({ pagePort: 443, secure: true }).signIn(token)
    expect(setCookie).toMatch(/^ronda_443=.*; Secure;?/)
    expect(await access().whoAsks({ cookie: cookieOf(setCookie) })).toBeUndefined()
  })

  test('nothing that lets someone in is stored as it is', async () => {
    const { token } = await access().makeSignInToken('Sari', 'operator')
    const { setCookie } = await access().signIn((await access().makeSignInToken('Budi', 'operator')).token)
    const id = cookieOf(setCookie)?.split('=')[1] ?? ''
    const stored = JSON.stringify([
      await backbone.bucket('sessions').list(),
      await backbone.bucket('sign-in-tokens').list(),
    ])
    expect(stored).toContain(sha256Hex(id))
    expect(stored).toContain(sha256Hex(token))
    for (const secret of [token, id]) expect(stored).not.toContain(secret)
  })

  test('what has expired is cleared away', async () => {
    await access().signIn((await access().makeSignInToken('Sari', 'operator')).token)
    await access().makeSignInToken('Budi', 'operator')
    now += 31 * 86_400_000
    await access().makeSignInToken('Sari', 'operator')
    expect(await backbone.bucket('sessions').list()).toHaveLength(0)
    expect(await backbone.bucket('sign-in-tokens').list()).toHaveLength(1)
  })
})

test('the administrator’s token, and nothing like it', async () => {
  expect(await access().whoAsks({ authorization: `Bearer ${adminToken}` })).toEqual({
    name: 'admin',
    role: 'administrator',
    by: 'token',
  })
  for (const authorization of [`Bearer ${newToken()}`, `Basic ${adminToken}`, adminToken, 'Bearer ', '']) {
    expect(await access().whoAsks({ authorization })).toBeUndefined()
  }
})
