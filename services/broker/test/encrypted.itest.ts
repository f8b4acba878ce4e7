// The whole broker behind TLS and WebSocket: who a certificate lets in, and what becomes of its session.
import { decodeJson, encodeJson } from '@ronda/backbone/record-codec'
import type { Heartbeat } from '@ronda/contracts/record'
import { connectAsync, type IClientOptions } from 'mqtt'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { type Harness, startHarness, topicOf } from './harness.ts'
import { connect, handshake } from './listening.ts'
import { type TlsFolder, makeTlsFolder } from './tls-folder.ts'

let folder: TlsFolder
let harness: Harness
beforeEach(async () => {
  folder = await makeTlsFolder()
})
afterEach(async () => {
  await harness.end()
  folder.remove()
})

async function startWith(scheme: 'mqtts' | 'ws' | 'wss'): Promise<string> {
  const variable = { mqtts: 'RONDA_MQTTS_PORT', ws: 'RONDA_MQTT_WS_PORT', wss: 'RONDA_MQTT_WSS_PORT' }[scheme]
  harness = await startHarness({ env: { ...folder.variables, RONDA_MQTT_PORT: 'off', [variable]: '0' } })
  return `${scheme}://127.0.0.1:${harness.port}/mqtt`
}

const refusalOf = (url: string, options: IClientOptions) =>
  connectAsync(url, { reconnectPeriod: 0, ...options }, false).then(
    () => 'none',
    (error: { code: unknown }) => error.code,
  )

describe.each(['mqtts', 'wss'] as const)('%s', (scheme) => {
  test('a device comes in by its certificate, with no password or its own name', async () => {
    const url = await startWith(scheme)
    await harness.register('pju-1')
    const tls = await folder.client('pju-1')
    for (const credentials of [{}, { username: 'pju-1' }]) {
      const client = await connect(url, { ...tls, ...credentials })
      await client.publishAsync(topicOf('pju-1'), '{"powerW":87}', { qos: 1 })
    }
    const records = await harness.records()
    expect(records.map(({ principal }) => principal)).toEqual(['device:pju-1', 'device:pju-1'])
  })

  test('and one without a certificate by its token', async () => {
    const url = await startWith(scheme)
    const password = await harness.register('pju-1')
    const tls = { ca: folder.authority.certificate }
    const client = await connect(url, { ...tls, username: 'pju-1', password })
    await client.publishAsync(topicOf('pju-1'), '{"powerW":87}', { qos: 1 })
    expect(await refusalOf(url, { ...tls, username: 'pju-1', password: 'wrong' })).toBe(4)
    expect(await refusalOf(url, { ...tls, username: 'pju-1' })).toBe(4)
  })

  test('another’s certificate is of no use, even with the right token', async () => {
    const url = await startWith(scheme)
    const password = await harness.register('pju-1')
    await harness.register('pju-2')
    const tls = await folder.client('pju-2')
    expect(await refusalOf(url, { ...tls, username: 'pju-1', password })).toBe(4)
    expect(await refusalOf(url, await folder.client('pju-9'))).toBe(4)
  })

  test('a device that is disabled stays out, and its session ends', async () => {
    const url = await startWith(scheme)
    await harness.register('pju-1')
    const tls = await folder.client('pju-1')
    const closed = closeOf(await connect(url, tls))
    await harness.update('pju-1', { enabled: false })
    await closed
    expect(await refusalOf(url, tls)).toBe(5)
  })

  test('revoked during the session, it ends with its will and does not begin again', async () => {
    const url = await startWith(scheme)
    await harness.register('pju-1')
    const tls = await folder.client('pju-1')
    const will = {
      topic: topicOf('pju-1', 'status'),
      payload: Buffer.from('{"online":false}'),
      qos: 1 as const,
      retain: true,
    }
    const closed = closeOf(await connect(url, { ...tls, will }))
    await folder.revoke(tls)
    await closed
    expect(await refusalOf(url, tls)).not.toBe('none')
    await vi.waitFor(
      async () => expect(await harness.records()).toMatchObject([{ type: 'status', will: true }]),
      within,
    )
    // At its end, and at the attempt to come back.
    await vi.waitFor(async () => {
      const last = (await harness.heartbeats()).at(-1)
      const beat = decodeJson(last?.payload ?? encodeJson(null)) as Heartbeat | null
      expect(beat?.counters).toMatchObject({ 'refused:tls_certificate_revoked': 2 })
    }, within)
  })
})

test('a certificate that expires during the session ends it', async () => {
  const url = await startWith('mqtts')
  await harness.register('pju-1')
  // X.509 knows whole seconds.
  const tls = await folder.client('pju-1', { notAfter: new Date(Date.now() + 3_000) })
  await closeOf(await connect(url, tls))
  expect(await refusalOf(url, tls)).not.toBe('none')
})

test('a renewed server certificate is seen by new connections, while the old ones go on', async () => {
  const url = await startWith('mqtts')
  await harness.register('pju-1')
  const tls = await folder.client('pju-1')
  const before = await connect(url, tls)
  const { certificate } = await folder.renewServer()
  await vi.waitFor(async () => {
    const socket = await handshake(url, { ca: tls.ca })
    expect(socket.getPeerX509Certificate()?.toString()).toBe(certificate)
  }, within)
  await before.publishAsync(topicOf('pju-1'), '{"powerW":87}', { qos: 1 })
  await (await connect(url, tls)).publishAsync(topicOf('pju-1'), '{"powerW":88}', { qos: 1 })
  expect(await harness.records()).toHaveLength(2)
})

test('over a WebSocket a backlog is acknowledged in order, and a refusal is told before the end', async () => {
  const url = await startWith('ws')
  const password = await harness.register('pju-1')
  const client = await connect(url, { username: 'pju-1', password })
  const payload = 'x'.repeat(10_000)
  const acknowledged = await Promise.all(
    Array.from({ length: 1_000 }, () => client.publishAsync(topicOf('pju-1'), payload, { qos: 1 })),
  )
  expect(acknowledged).toHaveLength(1_000)
  expect(await harness.records()).toHaveLength(1_000)
  expect(await refusalOf(url, { username: 'pju-1', password: 'wrong' })).toBe(4)
})

test('the broker stops with connections over TLS and WebSocket open', async () => {
  const url = await startWith('wss')
  const password = await harness.register('pju-1')
  const client = await connect(url, { ca: folder.authority.certificate, username: 'pju-1', password })
  const closed = closeOf(client)
  await harness.restart()
  await closed
  expect(client.connected).toBe(false)
})

function closeOf(client: Awaited<ReturnType<typeof connect>>): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()))
}
