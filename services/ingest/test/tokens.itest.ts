// Tokens of devices: issued, followed by another with or without an overlap, and never answered in a way that a cache
// would keep.
import type { Device } from '@ronda/contracts/device'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const dayS = 24 * 3_600

async function rotate(id: string, body?: unknown): Promise<string> {
  const answer = await harness.request<{ token: string }>('POST', `/api/v1/devices/${id}/token`, body)
  expect(answer.status).toBe(200)
  return answer.body.token
}

async function statusWith(id: string, token: string): Promise<number> {
  const messages = [{ device: id, payload: { powerW: 90 } }]
  return (await harness.request('POST', '/api/v1/telemetry', messages, { authorization: `Bearer ${token}` })).status
}

/** A change of the registry arrives where tokens are looked up a moment after it was answered. */
async function expectTokens(id: string, expected: [token: string, status: number][]): Promise<void> {
  await vi.waitFor(async () => {
    for (const [token, status] of expected) expect(await statusWith(id, token)).toBe(status)
  }, within)
}

const kept = async (id: string) => (await harness.backbone.bucket('devices').get(id))?.value

test('without an overlap the old token ends at once', async () => {
  const { token: first } = await harness.register('turn-1')
  const second = await rotate('turn-1')
  await expectTokens('turn-1', [
    [first, 401],
    [second, 202],
  ])
  expect(await kept('turn-1')).not.toHaveProperty('previousToken')
})

test('with an overlap the old token goes on until it is over', async () => {
  const { token: first } = await harness.register('turn-2')
  const before = Date.now()
  const second = await rotate('turn-2', { overlapS: 2 })
  await expectTokens('turn-2', [
    [first, 202],
    [second, 202],
  ])
  const until = (await kept('turn-2'))?.previousToken?.until ?? 0
  expect(until).toBeGreaterThanOrEqual(before + 2_000)
  expect(until).toBeLessThanOrEqual(Date.now() + 2_000)
  await vi.waitFor(async () => expect(await statusWith('turn-2', first)).toBe(401), within)
  expect(Date.now()).toBeGreaterThanOrEqual(until)
  expect(await statusWith('turn-2', second)).toBe(202)
})

test('of three tokens the first is worth nothing; without an overlap the second neither', async () => {
  const { token: first } = await harness.register('turn-3')
  const second = await rotate('turn-3', { overlapS: 3_600 })
  const third = await rotate('turn-3', { overlapS: 3_600 })
  await expectTokens('turn-3', [
    [first, 401],
    [second, 202],
    [third, 202],
  ])
  const fourth = await rotate('turn-3', { overlapS: 0 })
  await expectTokens('turn-3', [
    [first, 401],
    [second, 401],
    [third, 401],
    [fourth, 202],
  ])
  expect(await kept('turn-3')).not.toHaveProperty('previousToken')
})

test('an overlap outlives a restart, and a change of the device; new hardware and retiring end it', async () => {
  const { token: first } = await harness.register('turn-4')
  const second = await rotate('turn-4', { overlapS: 3_600 })
  await harness.request('PATCH', '/api/v1/devices/turn-4', { name: 'Renamed' })
  await harness.restart()
  await expectTokens('turn-4', [
    [first, 202],
    [second, 202],
  ])
  const replaced = await harness.request<{ token: string }>('POST', '/api/v1/devices/turn-4/replace', {})
  await expectTokens('turn-4', [
    [first, 401],
    [second, 401],
    [replaced.body.token, 202],
  ])
  await rotate('turn-4', { overlapS: 3_600 })
  await harness.request('DELETE', '/api/v1/devices/turn-4')
  expect(await kept('turn-4')).not.toHaveProperty('previousToken')
  await expectTokens('turn-4', [[replaced.body.token, 401]])
})

test('an overlap of more than 30 days, or of no whole seconds, is refused', async () => {
  await harness.register('turn-5')
  for (const body of [{ overlapS: 30 * dayS + 1 }, { overlapS: -1 }, { overlapS: 1.5 }, { overlap: 1 }]) {
    const answer = await harness.request('POST', '/api/v1/devices/turn-5/token', body)
    expect(problem(answer).code).toBe('validation_failed')
  }
  expect((await harness.request<Device>('GET', '/api/v1/devices/turn-5')).body.revision).toBe(1)
})

test('an import that issues tokens anew may let the old ones go on', async () => {
  const { token: first } = await harness.register('turn-6')
  const path = '/api/v1/devices/import?reissue=true&overlapS=3600'
  const { status, body } = await harness.request<string>('POST', path, 'id\nturn-6')
  expect(status).toBe(200)
  await expectTokens('turn-6', [
    [first, 202],
    [body.trim().split(',').at(-1) ?? '', 202],
  ])
})

test('no answer of the API may be kept by a cache', async () => {
  const { headers } = await harness.request('POST', '/api/v1/devices/turn-6/token')
  expect(headers.get('cache-control')).toBe('no-store')
  const link = await harness.request('POST', '/api/v1/sign-in-links', { name: 'Sari', role: 'operator' })
  expect(link.headers.get('cache-control')).toBe('no-store')
  expect((await harness.request('GET', '/api/v1/none-such')).headers.get('cache-control')).toBe('no-store')
})
