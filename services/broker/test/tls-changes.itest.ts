// Files of TLS that change under a broker that runs: new certificates, broken ones, lists with more on them.
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import type { TLSSocket } from 'node:tls'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { connect, handshake, startListeners } from './listening.ts'
import { type TlsFolder, makeTlsFolder } from './tls-folder.ts'

let folder: TlsFolder
beforeEach(async () => {
  folder = await makeTlsFolder()
})
afterEach(() => folder.remove())

const secure = () => ({ RONDA_MQTT_PORT: 'off', RONDA_MQTTS_PORT: '0', ...folder.variables })

/** The certificate that a new connection sees, until it is that of the folder. */
async function expectServed(url: string): Promise<void> {
  await vi.waitFor(async () => {
    const socket = await handshake(url, { ca: folder.authority.certificate })
    expect(pemOf(socket)).toBe(folder.server.certificate)
  }, within)
}

function pemOf(socket: TLSSocket): string | undefined {
  return socket.getPeerX509Certificate()?.toString()
}

test.each(['mqtts', 'wss'] as const)(
  'a renewed certificate is for new connections, the old ones go on (%s)',
  async (scheme) => {
    const { urlOf, notices } = await startListeners({ ...secure(), RONDA_MQTT_WSS_PORT: '0' })
    const before = await connect(urlOf(scheme), await folder.client('pju-1'))
    await folder.renewServer()
    await expectServed(urlOf(scheme).replace('wss', 'mqtts'))
    await before.publishAsync('a', 'b', { qos: 1 })
    await connect(urlOf(scheme), await folder.client('pju-1'))
    expect(notices).toHaveBeenCalledWith('changed TLS files are in use')
  },
)

test('behind a symbolic link that is switched to another folder', async () => {
  for (const each of ['one', 'two']) mkdirSync(folder.path(each))
  const fill = (name: string) => {
    writeFileSync(folder.path(`${name}/server.crt`), folder.server.certificate)
    writeFileSync(folder.path(`${name}/server.key`), folder.server.key, { mode: 0o600 })
  }
  fill('one')
  symlinkSync('one', folder.path('live'))
  const { urlOf } = await startListeners({
    ...secure(),
    RONDA_TLS_CERT: folder.path('live/server.crt'),
    RONDA_TLS_KEY: folder.path('live/server.key'),
  })
  await expectServed(urlOf('mqtts'))
  await folder.renewServer()
  fill('two')
  symlinkSync('two', folder.path('live.tmp'))
  renameSync(folder.path('live.tmp'), folder.path('live'))
  await expectServed(urlOf('mqtts'))
  expect(pemOf(await handshake(urlOf('mqtts'), { ca: folder.authority.certificate }))).toBe(folder.server.certificate)
})

test('broken ones leave the former in use, which is told once, and so is that they are mended', async () => {
  let polls = 0
  const now = () => {
    polls++
    return Date.now()
  }
  const { urlOf, warnings, notices } = await startListeners(secure(), { now })
  const former = folder.server.certificate
  folder.write('server.crt', 'nonsense')
  await vi.waitFor(() => expect(warnings).toHaveBeenCalled(), within)
  expect(pemOf(await handshake(urlOf('mqtts'), { ca: folder.authority.certificate }))).toBe(former)
  const already = polls
  await vi.waitFor(() => expect(polls).toBeGreaterThan(already + 5), within)
  await folder.renewServer()
  await expectServed(urlOf('mqtts'))
  expect(warnings).toHaveBeenCalledOnce()
  expect(warnings).toHaveBeenCalledWith(
    expect.objectContaining({ code: 'tls_files_invalid', problems: [expect.stringContaining('RONDA_TLS_CERT')] }),
    expect.any(String),
  )
  expect(notices).toHaveBeenCalledOnce()
  // The same again is another failure.
  folder.write('server.crt', 'nonsense')
  await vi.waitFor(() => expect(warnings).toHaveBeenCalledTimes(2), within)
})

test.each(['mqtts', 'wss'] as const)('who is revoked goes, the others stay (%s)', async (scheme) => {
  const { urlOf, refused, broker } = await startListeners({ ...secure(), RONDA_MQTT_WSS_PORT: '0' })
  const tls = { revoked: await folder.client('pju-1'), other: await folder.client('pju-1') }
  const [revoked, other] = [await connect(urlOf(scheme), tls.revoked), await connect(urlOf(scheme), tls.other)]
  const closed = new Promise<void>((resolve) => revoked.once('close', () => resolve()))
  await folder.revoke(tls.revoked)
  await closed
  expect(refused).toEqual(['tls_certificate_revoked 127.0.0.1'])
  await vi.waitFor(
    () => expect(broker.visitors[0]?.stream.closed || broker.visitors[0]?.stream.destroyed).toBe(true),
    within,
  )
  await other.publishAsync('a', 'b', { qos: 1 })
  await expect(connect(urlOf(scheme), tls.revoked)).rejects.toBeInstanceOf(Error)
})

test('a certificate that expires ends its connection, and a session that is resumed with it', async () => {
  let passedMs = 0
  const { urlOf, refused, broker } = await startListeners(secure(), { now: () => Date.now() + passedMs })
  const notAfter = new Date(Date.now() + 3_600_000)
  const tls = { short: await folder.client('pju-1', { notAfter }), long: await folder.client('pju-2') }
  const long = await connect(urlOf('mqtts'), tls.long)
  const short = await handshake(urlOf('mqtts'), tls.short)
  const [session] = (await once(short, 'session')) as [Buffer]
  const closed = once(short, 'close')
  passedMs = 3_600_001
  await closed
  expect(refused).toEqual(['tls_certificate_expired 127.0.0.1'])

  const resumed = await handshake(urlOf('mqtts'), { ...tls.short, session })
  expect(resumed.isSessionReused()).toBe(true)
  await once(resumed.resume(), 'close')
  expect(refused).toHaveLength(2)
  expect(broker.visitors).toHaveLength(2)
  await long.publishAsync('a', 'b', { qos: 1 })
})

test('a session cannot be resumed past a new list', async () => {
  const { urlOf, refused } = await startListeners(secure())
  const tls = await folder.client('pju-1')
  const first = await handshake(urlOf('mqtts'), tls)
  const [session] = (await once(first, 'session')) as [Buffer]
  const closed = once(first, 'close')
  await folder.revoke(tls)
  await closed
  await once((await handshake(urlOf('mqtts'), { ...tls, session })).resume(), 'close')
  expect(refused).toEqual(Array(2).fill('tls_certificate_revoked 127.0.0.1'))
})
