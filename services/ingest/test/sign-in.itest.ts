// Signing in under pressure: wrong passwords, guessing from one place and from many, floods. Time passes as the test
// says.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import { decodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'
import { AppError } from '@ronda/contracts/errors'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Accounts, createAccounts } from '../src/accounts/accounts.ts'
import { matchesPassword } from '../src/accounts/password-hash.ts'
import type { SignedIn } from '../src/accounts/sign-in.ts'
import type { Visitor } from '../src/accounts/visitor.ts'
import { type Harness, problem, startHarness } from './harness.ts'

const password = 'tiga ekor kucing di atap'
const minute = 60_000
/** Some thirty attempts, on a machine that has other things to do. */
const patiently = { ...within, interval: 1 }

describe('limits', () => {
  let dir: string
  let backbone: Backbone
  let accounts: Accounts
  let at: number
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ronda-sign-in-'))
    backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
    at = 0
    const elapsed = () => at
    const now = Date.now
    const common = { backbone, adminToken: 'x'.repeat(43), pagePort: 8080, secure: false }
    accounts = createAccounts({ ...common, now, systemNow: now, elapsed })
  })
  afterEach(async () => {
    accounts.stop()
    await backbone.close()
    rmSync(dir, { recursive: true })
  })

  const from = (address: string, browserId?: string): Visitor => ({ address, browser: 'test', browserId })
  const here = from('203.0.113.1')
  const signIn = (name: string, word: string, visitor = here) => accounts.signIn.byPassword(name, word, visitor)

  /** What came of it: a code, or `in`. */
  async function outcomeOf(attempt: Promise<SignedIn>): Promise<string> {
    try {
      await attempt
      return 'in'
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return error.retryAfterS === undefined ? error.code : `${error.code} ${error.retryAfterS}`
    }
  }

  /** Makes an account; gives the browser that its person chose the password in. */
  async function makePerson(name: string): Promise<Visitor> {
    const { link } = await accounts.registry.create({ name, displayName: name, role: 'operator' }, 'test')
    const { setCookies } = await accounts.signIn.byLink(link.token, here)
    const [session = '', browser = ''] = setCookies.map((each) => each.split(/[=;]/)[1])
    const who = await accounts.sessions.whoAsks({ cookie: `ronda_8080=${session}` })
    if (who?.by !== 'cookie') throw new Error('no session')
    await accounts.own.changePassword(who, { password }, here)
    return from('203.0.113.1', browser)
  }

  async function guess(times: number, name: string, visitor = here): Promise<string[]> {
    const outcomes: string[] = []
    for (let i = 0; i < times; i++) outcomes.push(await outcomeOf(signIn(name, `guess ${i}`, visitor)))
    return outcomes
  }

  test.each(['sari', 'nobody'])(
    'ten wrong passwords for %s are mistakes, from then on there is a wait',
    async (name) => {
      await makePerson('sari')
      expect(new Set(await guess(10, name))).toEqual(new Set(['credentials_wrong']))
      expect(await guess(2, name)).toEqual(['sign_in_limited 1', 'sign_in_limited 1'])
      at += 1_000
      expect(await guess(2, name)).toEqual(['credentials_wrong', 'sign_in_limited 2'])
      const waits: string[] = []
      for (let round = 0; round < 11; round++) {
        at += 15 * minute
        waits.push((await guess(2, name))[1] ?? '')
      }
      expect(waits.at(-1)).toBe('sign_in_limited 900')
    },
  )

  test('the right password is refused while there is a wait, and forgives once it counts', async () => {
    await makePerson('sari')
    await guess(10, 'sari')
    expect(await outcomeOf(signIn('sari', password))).toBe('sign_in_limited 1')
    at += 1_000
    expect(await outcomeOf(signIn('sari', password))).toBe('in')
    expect(new Set(await guess(9, 'sari'))).toEqual(new Set(['credentials_wrong']))
    expect(await outcomeOf(signIn('sari', password))).toBe('in')
  })

  test('whoever guesses at an account from everywhere does not keep its person out of their own browser', async () => {
    const own = await makePerson('sari')
    for (let host = 1; host <= 12; host++) await guess(1, 'sari', from(`198.51.100.${host}`))
    expect(await outcomeOf(signIn('sari', password, from('192.0.2.9')))).toMatch('sign_in_limited')
    expect(await outcomeOf(signIn('sari', password, own))).toBe('in')
    // It is theirs for their account only.
    await makePerson('budi')
    await guess(10, 'budi', from('192.0.2.10'))
    expect(await outcomeOf(signIn('budi', password, own))).toMatch('sign_in_limited')
  })

  test('who guesses many names from one network waits, others do not, nor does who is known there', async () => {
    const own = await makePerson('sari')
    await makePerson('budi')
    for (let name = 0; name < 30; name++) await guess(1, `name-${name}`, from(`2001:db8::${name}`))
    expect(await outcomeOf(signIn('budi', password, from('2001:db8::ffff')))).toBe('sign_in_limited 1')
    expect(await outcomeOf(signIn('budi', password, from('2001:db8:0:1::1')))).toBe('in')
    expect(await outcomeOf(signIn('sari', password, { ...own, address: '2001:db8::1' }))).toBe('in')
  })

  test('in a browser of one’s own there is a limit as well', async () => {
    const own = await makePerson('sari')
    await guess(10, 'sari', own)
    expect(await outcomeOf(signIn('sari', password, own))).toBe('sign_in_limited 1')
    expect(await outcomeOf(signIn('sari', password, from('192.0.2.1')))).toBe('in')
  })

  test('all at once is no way around it', async () => {
    await makePerson('sari')
    const attempts = Array.from({ length: 15 }, (_, i) => outcomeOf(signIn('sari', `guess ${i}`)))
    const outcomes = await Promise.all(attempts)
    expect(outcomes.filter((outcome) => outcome === 'credentials_wrong')).toHaveLength(10)
  })

  test('a flood waits for itself: those known here come in meanwhile, and the rest is told to come again', async () => {
    const own = await makePerson('sari')
    const flood = Array.from({ length: 60 }, (_, i) => outcomeOf(signIn(`name-${i}`, 'x', from(`198.51.100.${i}`))))
    const isOver = Promise.all(flood).then(() => 'over')
    expect(await Promise.race([isOver, outcomeOf(signIn('sari', password, own))])).toBe('in')
    const outcomes = await Promise.all(flood)
    expect(outcomes.filter((outcome) => outcome === 'sign_in_busy 1')).toHaveLength(39)
    expect(accounts.counts).toMatchObject({ busy: 39, wrong: 21, password: 1 })
  })

  test('refusals are told in the trail once a minute, with names only of who is there', async () => {
    await makePerson('sari')
    await guess(12, 'sari')
    await guess(3, 'correct horse battery staple')
    accounts.stop()
    const refused = await vi.waitFor(async () => {
      const entries = await backbone.stream('audit').readLast(100)
      // Only entries are appended.
      const told = entries.map(({ record }) => decodeJson(record) as AuditEntry)
      const refusals = told.filter(({ did }) => did === 'was refused to sign in')
      expect(refusals).toHaveLength(6)
      return refusals
    }, within)
    expect(JSON.stringify(refused)).not.toContain('horse')
    expect(refused).toMatchObject([
      { who: 'account:sari', code: 'credentials_wrong', address: '203.0.113.1' },
      { who: 'account:sari', code: 'sign_in_limited' },
      { who: '', code: 'credentials_wrong' },
      { who: 'account:sari', code: 'credentials_wrong', times: 9 },
      { who: 'account:sari', code: 'sign_in_limited', times: 1 },
      { who: '', code: 'credentials_wrong', times: 2 },
    ])
  })

  test('a hash with weaker parameters is made anew when its password is at hand', async () => {
    await makePerson('sari')
    const bucket = backbone.bucket('accounts')
    const row = await bucket.get('sari')
    if (row === undefined) throw new Error('no account')
    // `password`, from the reference implementation's tests.
    const weak = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
    const value = { ...row.value, passwordHash: weak }
    await backbone.commit({ writes: [{ bucket: 'accounts', key: 'sari', value }] })
    expect(await outcomeOf(signIn('sari', 'wrong'))).toBe('credentials_wrong')
    expect((await bucket.get('sari'))?.value.passwordHash).toBe(weak)
    expect(await outcomeOf(signIn('sari', 'password'))).toBe('in')
    const renewed = (await bucket.get('sari'))?.value.passwordHash ?? ''
    expect(renewed).toMatch(/m=19456,t=2,p=1/)
    expect(await matchesPassword('password', renewed)).toBe(true)
  })

  test('a name that is not there takes as long as a wrong password', async () => {
    await makePerson('sari')
    const timeOf = async (name: string) => {
      const begun = performance.now()
      await guess(1, name, from('192.0.2.1'))
      return performance.now() - begun
    }
    const pairs: { sari: number; nobody: number }[] = []
    for (let i = 0; i < 9; i++) pairs.push({ sari: await timeOf('sari'), nobody: await timeOf(`nobody-${i}`) })
    const median = (of: 'sari' | 'nobody') => pairs.map((pair) => pair[of]).toSorted((a, b) => a - b)[4] ?? 0
    const ratio = median('nobody') / median('sari')
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
  })
})

describe('over HTTP', () => {
  let harness: Harness
  beforeEach(async () => {
    harness = await startHarness()
  })
  afterEach(() => harness.end())

  const attempt = (body: object, headers: Record<string, string> = {}) =>
    harness.request('POST', '/api/v1/session', body, { ...harness.fromPage, ...headers })

  test('an unknown name and a wrong password get the same answer, and a wait says how long', async () => {
    await harness.request('POST', '/api/v1/accounts', { name: 'sari', displayName: 'Sari', role: 'viewer' })
    const [known, unknown] = [
      await attempt({ name: 'sari', password: 'x' }),
      await attempt({ name: 'nobody', password: 'x' }),
    ]
    expect(problem(known)).toMatchObject({ status: 401, code: 'credentials_wrong' })
    expect(unknown.body).toEqual(known.body)
    expect([known, unknown].flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
    let wrong = 2
    // A slow machine has waited by itself what the first limits ask for.
    const limited = await vi.waitFor(async () => {
      const answer = await attempt({ name: 'sari', password: 'x' })
      if (answer.status === 401) wrong++
      expect(problem(answer)).toMatchObject({ status: 429, code: 'sign_in_limited' })
      return answer
    }, patiently)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    const { body: metrics } = await harness.request<string>('GET', '/metrics')
    for (const line of [
      `ronda_sign_ins_total{outcome="wrong"} ${wrong}`,
      'ronda_sign_ins_total{outcome="limited"} 1',
      'ronda_sign_ins_total{outcome="password"} 0',
    ]) {
      expect(metrics.split('\n')).toContain(line)
    }
  })

  test('the address that counts is the one that fanout tells', async () => {
    let names = 0
    await vi.waitFor(async () => {
      const body = { name: `name-${names++}`, password: 'x' }
      expect((await attempt(body, { 'x-forwarded-for': '203.0.113.7' })).status).toBe(429)
    }, patiently)
    expect(names).toBeGreaterThan(30)
    const body = { name: `name-${names}`, password: 'x' }
    expect((await attempt(body, { 'x-forwarded-for': '203.0.113.8' })).status).toBe(401)
  })

  test('another site cannot sign anybody in, nor whoever sends no JSON', async () => {
    const body = { name: 'sari', password: 'x' }
    expect(problem(await attempt(body, { origin: 'http://evil.example' })).code).toBe('origin_mismatch')
    expect(problem(await attempt(body, { 'content-type': 'text/plain' })).code).toBe('unsupported_media_type')
    expect(problem(await attempt({ ...body, more: 1 })).code).toBe('validation_failed')
    expect(problem(await attempt({ name: 'sari', password: 'x'.repeat(5_000) })).code).toBe('payload_too_large')
  })
})
