// Labels for field crews: what their QR codes say is read by a decoder of others.
import type { AuditEntry } from '@ronda/contracts/audit'
import type { Device } from '@ronda/contracts/device'
import { parse } from 'csv-parse/sync'
import jsqr from 'jsqr'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, problem, startHarness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.end())

const broker = 'mqtts://mqtt.tangerangselatan.example.id:8883'

const print = (body: object, query = '') => harness.request<string>('POST', `/api/v1/devices/labels${query}`, body)

/** What the QR codes of a page say, drawn from their rectangles with 4 pixels to a module. */
function codesOf(page: string): string[] {
  return Array.from(page.matchAll(/<svg viewBox="0 0 (\d+) \1"[^>]*><path d="([^"]+)"/g), ([, modules, path = '']) => {
    const scale = 4
    const size = Number(modules) * scale
    const pixels = new Uint8ClampedArray(size * size * 4).fill(255)
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let line = 0; line < scale; line++) {
        const start = ((Number(y) * scale + line) * size + Number(x) * scale) * 4
        for (let at = start; at < start + Number(width) * scale * 4; at += 4) pixels.set([0, 0, 0, 255], at)
      }
    }
    return jsqr.default(pixels, size, size)?.data ?? 'unreadable'
  })
}

test('a page has for each device what it needs to connect, and a token that is new', async () => {
  const { token: old } = await harness.register('label-1', { name: 'Jl. <Raya> "A" & B' })
  await harness.register('label-2', { kind: 'camera', district: 'pondok-aren' })
  const { status, headers, body } = await print({ ids: ['label-2', 'label-1'], broker })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(body).toContain('<strong>label-2</strong><br>label-2<br>Pondok Aren<br>camera')
  expect(body).toContain('<strong>label-1</strong><br>Jl. &lt;Raya&gt; &quot;A&quot; &amp; B<br>Serpong<br>streetlight')
  expect(body).not.toMatch(/<script|style=|\son\w+=/)

  const codes = codesOf(body).map((code) => JSON.parse(code) as Record<string, string>)
  const token = expect.stringMatching(/^[\w-]{43}$/)
  expect(codes).toEqual([
    { city: 'tangsel', kind: 'camera', id: 'label-2', token, broker },
    { city: 'tangsel', kind: 'streetlight', id: 'label-1', token, broker },
  ])
  const send = (bearer: string | undefined) =>
    harness.request('POST', '/api/v1/telemetry', [{ device: 'label-1', payload: { powerW: 90 } }], {
      authorization: `Bearer ${bearer}`,
    })
  await vi.waitFor(async () => expect((await send(codes[1]?.['token'])).status).toBe(202), within)
  expect((await send(old)).status).toBe(401)
})

test('until crews are through the old tokens may go on', async () => {
  const { token: old } = await harness.register('label-3')
  const [code = ''] = codesOf((await print({ ids: ['label-3'], overlapS: 3_600 })).body)
  const { token, ...rest } = JSON.parse(code) as { token: string }
  expect(rest).toEqual({ city: 'tangsel', kind: 'streetlight', id: 'label-3' })
  for (const each of [token, old]) {
    await vi.waitFor(async () => {
      const messages = [{ device: 'label-3', payload: { powerW: 90 } }]
      const answer = await harness.request('POST', '/api/v1/telemetry', messages, { authorization: `Bearer ${each}` })
      expect(answer.status).toBe(202)
    }, within)
  }
})

test('as CSV for label printers, with the text of the QR codes', async () => {
  await harness.register('label-4', { name: 'Jl. Raya, "A"' })
  const { headers, body } = await print({ ids: ['label-4'], broker }, '?format=csv')
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('cache-control')).toBe('no-store')
  const [row, ...more] = parse<{ token: string }>(body, { columns: true })
  expect(more).toEqual([])
  const { token = '' } = row ?? {}
  expect(token).toMatch(/^[\w-]{43}$/)
  const qr = JSON.stringify({ city: 'tangsel', kind: 'streetlight', id: 'label-4', token, broker })
  expect(row).toEqual({ id: 'label-4', name: 'Jl. Raya, "A"', token, qr })
})

test('of five hundred devices in one commit and one entry of the audit trail', async () => {
  const ids = Array.from({ length: 500 }, (_, n) => `sheet-${n}`)
  const rows = ids.map((id) => `${id},streetlight,${id},-6.3,106.68,serpong`)
  await harness.request(
    'POST',
    '/api/v1/devices/import',
    ['id,kind,name,latitude,longitude,district', ...rows].join('\n'),
  )
  const { status, body } = await print({ ids })
  expect(status).toBe(200)
  expect(body.match(/<article>/g)).toHaveLength(500)
  const { entries } = (await harness.request<{ entries: AuditEntry[] }>('GET', '/api/v1/audit?limit=10')).body
  expect(entries.at(-1)).toMatchObject({ who: 'admin', did: 'issued tokens to devices', what: ids.join() })
  expect(problem(await print({ ids: [...ids, 'one-more'] })).code).toBe('validation_failed')
})

test('when one of them cannot have a token, none gets one', async () => {
  await harness.register('label-5')
  await harness.register('label-6')
  await harness.request('DELETE', '/api/v1/devices/label-6')
  const refused = problem(await print({ ids: ['label-5', 'none-such', 'label-6'] }))
  expect(refused).toMatchObject({
    code: 'validation_failed',
    problems: ['there is no device none-such', 'the device label-6 is retired'],
  })
  const { revision } = (await harness.request<Device>('GET', '/api/v1/devices/label-5')).body
  expect(revision).toBe(1)
  for (const wrong of [
    { ids: [] },
    { ids: ['label-5', 'label-5'] },
    { ids: ['label-5'], broker: 'https://example.id' },
    { ids: ['label-5'], broker: 'javascript:alert(1)' },
  ]) {
    expect(problem(await print(wrong)).code).toBe('validation_failed')
  }
})
