// Accounts over the API, as administrators and their own people use them.
import type { Account, AccountWithLink } from '@ronda/contracts/account'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { Role } from '@ronda/contracts/permissions'
import type { OwnSession, SessionInfo } from '@ronda/contracts/session'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Answer, type Harness, problem, startHarness } from './harness.ts'

const path = '/api/v1/accounts'
const password = 'tiga ekor kucing di atap'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

/** Each test begins without people. */
afterEach(async () => {
  for (const bucket of ['accounts', 'sessions', 'sign-in-tokens'] as const) {
    const rows = await harness.backbone.bucket(bucket).list()
    await harness.backbone.commit({ writes: rows.map(({ key }) => ({ bucket, key, value: undefined })) })
  }
})

const tokenOf = (url: string) => url.split('#token=')[1] ?? ''

function pageOf({ headers }: Answer): Record<string, string> {
  const cookie = headers.getSetCookie().map((each) => each.split(';')[0])
  return { ...harness.fromPage, cookie: cookie.join('; ') }
}

const signIn = (credentials: object, headers: Record<string, string> = {}) =>
  harness.request<SessionInfo>('POST', '/api/v1/session', credentials, { ...harness.fromPage, ...headers })

async function create(name: string, role: Role, displayName = `${name} di kantor`): Promise<AccountWithLink> {
  const { status, body } = await harness.request<AccountWithLink>('POST', path, { name, displayName, role })
  expect(status).toBe(201)
  return body
}

const choose = (page: Record<string, string>, change: object) =>
  harness.request<Account>('PUT', '/api/v1/account/password', change, page)

/** Somebody who has come in with the link and chosen a password. */
async function person(name: string, role: Role): Promise<Record<string, string>> {
  const { link } = await create(name, role)
  const page = pageOf(await signIn({ token: tokenOf(link.url) }))
  expect((await choose(page, { password })).status).toBe(200)
  return page
}

const isIn = async (page: Record<string, string>) =>
  (await harness.request('GET', '/api/v1/session', undefined, page)).status === 200

async function audited(): Promise<string[]> {
  const entries = await harness.backbone.stream('audit').readLast(1_000)
  // Only entries are appended.
  const told = entries.map(({ record }) => decodeJson(record) as AuditEntry)
  return told.map(({ who, did, what }) => `${who} ${did}: ${what}`)
}

test('an account is made with a link, by which its person chooses a password and signs in from then on', async () => {
  const { account, link } = await create('sari', 'operator', 'Sari Wulandari')
  expect(account).toEqual({
    name: 'sari',
    displayName: 'Sari Wulandari',
    role: 'operator',
    enabled: true,
    createdAt: expect.any(Number),
    revision: 1,
  })
  expect(link.expiresAt).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  expect(problem(await signIn({ name: 'sari', password })).code).toBe('credentials_wrong')

  const arrived = await signIn({ token: tokenOf(link.url) })
  expect(arrived.body).toMatchObject({ name: 'Sari Wulandari', account: 'sari', role: 'operator', setUp: 'password' })
  expect(problem(await signIn({ token: tokenOf(link.url) })).code).toBe('sign_in_token_invalid')
  const chosen = await choose(pageOf(arrived), { password })
  expect(chosen.body).toMatchObject({ name: 'sari', passwordChangedAt: expect.any(Number), revision: 2 })

  const again = await signIn({ name: ' SARI ', password })
  expect(again.status).toBe(200)
  expect(again.body).not.toHaveProperty('setUp')
  expect(again.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^ronda_\d+=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/),
    expect.stringMatching(/^ronda_\d+_browser=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/),
  ])
  // What is refused waits for nobody, so its place among the others is not certain.
  const told = [
    'admin created an account as operator: sari',
    'account:sari was refused to sign in: ',
    'account:sari signed in: with a link',
    ' was refused to sign in: with a link',
    'account:sari chose a password: sari',
    'account:sari signed in: with a password',
  ]
  await vi.waitFor(async () => expect((await audited()).toSorted()).toEqual(told.toSorted()), within)
})

test('nothing that lets anybody in is answered, listed, or kept as it is', async () => {
  const page = await person('sari', 'administrator')
  const answers = [
    await harness.request('GET', path),
    await harness.request('GET', `${path}/sari`),
    await harness.request('PATCH', `${path}/sari`, { displayName: 'Sari W.' }),
    await harness.request('GET', '/api/v1/session', undefined, page),
    await harness.request('GET', '/api/v1/account/sessions', undefined, page),
    await harness.request('GET', '/api/v1/audit'),
  ]
  for (const { status, body } of answers) {
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toMatch(/argon2|hash"|browsers/i)
  }
  const kept = JSON.stringify([
    await harness.backbone.bucket('accounts').list(),
    await harness.backbone.bucket('sessions').list(),
    await harness.backbone.bucket('sign-in-tokens').list(),
  ])
  expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  const [sessionId = '', browserId = ''] = [...(page['cookie'] ?? '').matchAll(/=([\w-]{43})/g)].map(([, id]) => id)
  for (const secret of [password, sessionId, browserId]) {
    expect(secret).not.toBe('')
    expect(kept).not.toContain(secret)
  }
})

describe('what cannot be', () => {
  test.each([
    [{ name: 'sa' }, 'validation_failed'],
    [{ name: 'sari wulandari' }, 'validation_failed'],
    [{ name: '-sari' }, 'validation_failed'],
    [{ displayName: ' ' }, 'validation_failed'],
    [{ role: 'king' }, 'validation_failed'],
    [{ password }, 'validation_failed'],
    [{ name: 'Budi' }, 'account_exists'],
    [{ displayName: 'BUDI SANTOSO' }, 'display_name_taken'],
  ])('%o: %s', async (part, code) => {
    await create('budi', 'viewer', 'Budi Santoso')
    const stated = { name: 'sari', displayName: 'Sari Wulandari', role: 'viewer', ...part }
    expect(problem(await harness.request('POST', path, stated)).code).toBe(code)
  })

  test('a password that anybody guesses', async () => {
    const { link } = await create('sari', 'operator')
    const page = pageOf(await signIn({ token: tokenOf(link.url) }))
    expect(problem(await choose(page, { password: 'sari' }))).toMatchObject({
      status: 422,
      code: 'password_refused',
      problems: [expect.stringContaining('12'), expect.stringContaining('name'), expect.stringContaining('first')],
    })
    expect(problem(await choose(page, { password: 'x'.repeat(600) })).code).toBe('validation_failed')
  })

  test('an older revision', async () => {
    await create('sari', 'operator')
    const patch = { displayName: 'Sari', revision: 1 }
    expect((await harness.request('PATCH', `${path}/sari`, patch)).status).toBe(200)
    expect(problem(await harness.request('PATCH', `${path}/sari`, patch)).code).toBe('revision_conflict')
  })

  test('an account that is not there', async () => {
    for (const [method, at, body] of [
      ['GET', 'none', undefined],
      ['PATCH', 'none', {}],
      ['DELETE', 'none', undefined],
      ['POST', 'none/reset', undefined],
    ] as const) {
      expect(problem(await harness.request(method, `${path}/${at}`, body)).code, method).toBe('not_found')
    }
  })
})

describe('the last who can sign in as administrator', () => {
  const changes = [
    ['is not disabled', 'PATCH', '', { enabled: false }],
    ['is not demoted', 'PATCH', '', { role: 'supervisor' }],
    ['is not removed', 'DELETE', '', undefined],
  ] as const

  test.each(changes)('%s, before another has a password', async (_what, method, at, body) => {
    const page = await person('sari', 'administrator')
    const { link } = await create('budi', 'administrator')
    const change = () => harness.request(method, `${path}/sari${at}`, body)
    expect(problem(await change())).toMatchObject({ status: 409, code: 'last_administrator' })
    expect(await isIn(page)).toBe(true)
    await choose(pageOf(await signIn({ token: tokenOf(link.url) })), { password })
    expect((await change()).status).toBeLessThan(300)
    expect(await isIn(page)).toBe(false)
  })

  test('is one of two who demote each other at once', async () => {
    const [sari, budi] = [await person('sari', 'administrator'), await person('budi', 'administrator')]
    const answers = await Promise.all([
      harness.request('PATCH', `${path}/budi`, { role: 'viewer' }, sari),
      harness.request('PATCH', `${path}/sari`, { role: 'viewer' }, budi),
    ])
    const [done, refused] = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(done).toBe(200)
    // Refused as the last one (409), or, where the other was quicker, as nobody (401) or a viewer (403).
    expect([401, 403, 409]).toContain(refused)
  })
})

describe('what ends the sessions of an account, and no others', () => {
  const endings = [
    ['another role', 'PATCH', '', { role: 'supervisor' }],
    ['disabling it', 'PATCH', '', { enabled: false }],
    ['a reset', 'POST', '/reset', undefined],
    ['removing it', 'DELETE', '', undefined],
  ] as const
  test.each(endings)('%s', async (_what, method, at, body) => {
    const [sari, budi] = [await person('sari', 'operator'), await person('budi', 'operator')]
    const second = pageOf(await signIn({ name: 'sari', password }))
    expect((await harness.request(method, `${path}/sari${at}`, body)).status).toBeLessThan(300)
    expect(await Promise.all([sari, second, budi].map(isIn))).toEqual([false, false, true])
  })

  test('a new name does not: it is theirs from now on', async () => {
    const sari = await person('sari', 'operator')
    await harness.request('PATCH', `${path}/sari`, { displayName: 'Sari W.' })
    const { body } = await harness.request('GET', '/api/v1/session', undefined, sari)
    expect(body).toMatchObject({ name: 'Sari W.', account: 'sari' })
  })

  test('signing in at the very moment when it is disabled leaves nobody in', async () => {
    await person('sari', 'operator')
    for (let round = 0; round < 5; round++) {
      const [answer] = await Promise.all([
        signIn({ name: 'sari', password }),
        harness.request('PATCH', `${path}/sari`, { enabled: false }),
      ])
      if (answer.status === 200) expect(await isIn(pageOf(answer))).toBe(false)
      else expect(problem(answer).code).toBe('credentials_wrong')
      await harness.request('PATCH', `${path}/sari`, { enabled: true })
    }
  })
})

test('a disabled account does not come in, neither by password nor by link; enabled it does', async () => {
  await person('sari', 'operator')
  const { body } = await harness.request<AccountWithLink>('POST', `${path}/sari/reset`)
  await harness.request('PATCH', `${path}/sari`, { enabled: false })
  expect(problem(await signIn({ token: tokenOf(body.link.url) })).code).toBe('sign_in_token_invalid')
  expect(problem(await signIn({ name: 'sari', password })).code).toBe('credentials_wrong')
  await harness.request('PATCH', `${path}/sari`, { enabled: true })
  const again = await harness.request<AccountWithLink>('POST', `${path}/sari/reset`)
  expect((await signIn({ token: tokenOf(again.body.link.url) })).body).toMatchObject({ setUp: 'password' })
})

test('of two links only the newest counts, and none once a password is chosen', async () => {
  const { link: first } = await create('sari', 'operator')
  const { body } = await harness.request<AccountWithLink>('POST', `${path}/sari/reset`)
  expect(problem(await signIn({ token: tokenOf(first.url) })).code).toBe('sign_in_token_invalid')
  const page = pageOf(await signIn({ token: tokenOf(body.link.url) }))
  expect(body.account).not.toHaveProperty('passwordChangedAt')
  await choose(page, { password })
  expect(await harness.backbone.bucket('sign-in-tokens').list()).toEqual([])
})

describe('one’s own account', () => {
  test('another password needs the present one, and ends all other sessions', async () => {
    const page = await person('sari', 'operator')
    const other = pageOf(await signIn({ name: 'sari', password }))
    const next = 'lima ekor kucing di kebun'
    for (const change of [{ password: next }, { current: 'salah', password: next }]) {
      expect(problem(await choose(page, change)).code).toBe('password_wrong')
    }
    expect(problem(await choose(page, { current: password, password: 'short' })).code).toBe('password_refused')
    expect(await isIn(other)).toBe(true)
    expect((await choose(page, { current: password, password: next })).status).toBe(200)
    expect([await isIn(page), await isIn(other)]).toEqual([true, false])
    expect(problem(await signIn({ name: 'sari', password })).code).toBe('credentials_wrong')
    expect((await signIn({ name: 'sari', password: next })).status).toBe(200)
  })

  test('its sessions are listed and ended, nobody else’s', async () => {
    const [page, budi] = [await person('sari', 'viewer'), await person('budi', 'viewer')]
    const others = [
      pageOf(await signIn({ name: 'sari', password }, { 'user-agent': 'Wall/1' })),
      pageOf(await signIn({ name: 'sari', password })),
    ]
    const list = async (who = page) =>
      (await harness.request<{ sessions: OwnSession[] }>('GET', '/api/v1/account/sessions', undefined, who)).body
        .sessions
    const sessions = await list()
    expect(sessions.filter(({ isThis }) => isThis)).toHaveLength(1)
    expect(sessions).toHaveLength(3)
    const wall = sessions.find(({ browser }) => browser === 'Wall/1')
    expect(wall).toMatchObject({ address: '127.0.0.1', isThis: false })

    const end = (id: string, who = page) => harness.request('DELETE', `/api/v1/account/sessions/${id}`, undefined, who)
    expect(problem(await end(wall?.id ?? '', budi)).code).toBe('not_found')
    expect((await end(wall?.id ?? '')).status).toBe(204)
    expect(await Promise.all(others.map(isIn))).toEqual([false, true])
    expect((await harness.request('DELETE', '/api/v1/account/sessions', undefined, page)).status).toBe(204)
    expect(await Promise.all([page, ...others, budi].map(isIn))).toEqual([true, false, false, true])
    expect(await list()).toHaveLength(1)
  })

  test('who came with a plain link has none; an administrator makes one, which keeps the session', async () => {
    const operator = await harness.signIn('operator', 'Budi')
    expect(problem(await harness.request('GET', '/api/v1/account/sessions', undefined, operator)).code).toBe(
      'no_account',
    )
    const page = await harness.signIn('administrator', 'root')
    const info = async () => (await harness.request('GET', '/api/v1/session', undefined, page)).body
    expect(await info()).toMatchObject({ name: 'root', setUp: 'account' })

    const own = { name: 'sari', displayName: 'Sari Wulandari', password }
    expect(problem(await harness.request('POST', '/api/v1/account', own, operator)).code).toBe('forbidden')
    const weak = await harness.request('POST', '/api/v1/account', { ...own, password: 'Sari Wulandari' }, page)
    expect(problem(weak).code).toBe('password_refused')
    const made = await harness.request('POST', '/api/v1/account', own, page)
    expect(made).toMatchObject({ status: 201, body: { name: 'sari', role: 'administrator' } })
    expect(await info()).toEqual({
      name: 'Sari Wulandari',
      role: 'administrator',
      account: 'sari',
      expiresAt: expect.any(Number),
    })
    expect(problem(await harness.request('POST', '/api/v1/account', { ...own, name: 'sari2' }, page)).code).toBe(
      'conflict',
    )
    expect(problem(await harness.request('POST', `${path}/sari/reset`, undefined, page)).code).toBe('conflict')
    expect((await signIn({ name: 'sari', password })).status).toBe(200)
    // Only the first is asked.
    const another = await harness.signIn('administrator', 'root')
    expect((await harness.request('GET', '/api/v1/session', undefined, another)).body).not.toHaveProperty('setUp')
    expect(await audited()).toContain('operator:root made an account for themselves as administrator: sari')
  })

  test('a token of the API belongs to nobody', async () => {
    expect(problem(await harness.request('GET', '/api/v1/account/sessions')).code).toBe('no_account')
  })
})

test('twenty sessions are enough: with one more the one used least recently ends', async () => {
  const first = await person('sari', 'viewer')
  const pages: Record<string, string>[] = []
  for (let i = 0; i < 20; i++) pages.push(pageOf(await signIn({ name: 'sari', password })))
  expect(await isIn(first)).toBe(false)
  expect(await Promise.all(pages.map(isIn))).toEqual(pages.map(() => true))
})

test('what people do in the room goes by their own name, and the log says by which account', async () => {
  const page = await person('sari', 'operator')
  await harness.request('POST', '/api/v1/faults/none.such.0/acknowledge', {}, page)
  const entries = await harness.backbone.stream('log').read(0, { records: 10_000, bytes: 1e7 })
  const actions = entries.map(({ record }) => decodeRecord(record)).filter(({ type }) => type === 'action')
  expect(actions.map(({ principal }) => principal)).toEqual(['account:sari'])
  expect(decodeJson(actions[0]?.payload ?? new Uint8Array())).toMatchObject({ by: 'sari di kantor', role: 'operator' })
})
