// Real sockets, real certificates, and the mqtt.js client, against a broker that answers everything.
import { chmodSync } from 'node:fs'
import { type EnvironmentInput } from '@ronda/runtime/config'
import { AppError } from '@ronda/contracts/errors'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAuthority } from '../../../infra/local/certificate-authority.ts'
import { freePorts } from '../../../infra/testing/ports.ts'
import { within } from '../../../infra/testing/within.ts'
import { connect, handshake, startListeners } from './listening.ts'
import { type ClientTls, type TlsFolder, makeTlsFolder } from './tls-folder.ts'

const dayMs = 86_400_000
const off = { RONDA_MQTT_PORT: 'off' }

let folder: TlsFolder
beforeEach(async () => {
  folder = await makeTlsFolder()
})
afterEach(() => folder.remove())

const secure = () => ({ ...off, RONDA_MQTTS_PORT: '0', ...folder.variables })

describe('TCP', () => {
  test('only MQTT listens unless more is set, and may be off', async () => {
    const { addresses, broker, urlOf } = await startListeners({ RONDA_MQTT_PORT: '0' })
    expect(addresses).toEqual([expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/)])
    await (await connect(urlOf('mqtt'))).publishAsync('a', 'b', { qos: 1 })
    expect(broker.visitors.map(({ arrival }) => arrival)).toEqual([{ address: '127.0.0.1', encrypted: false }])
    expect((await startListeners(off)).addresses).toEqual([])
  })

  test('an IPv4 client of a listener for both families has its IPv4 address', async () => {
    const env = { RONDA_MQTT_PORT: '0', RONDA_BIND: '::', RONDA_ALLOW_PLAINTEXT: '1' }
    const { broker, urlOf } = await startListeners(env)
    await connect(urlOf('mqtt').replace('[::]', '127.0.0.1'))
    expect(broker.visitors[0]?.arrival.address).toBe('127.0.0.1')
  })

  test('a port that is taken is named, and then none listens', async () => {
    const { urlOf } = await startListeners({ RONDA_MQTT_PORT: '0' })
    const { port: taken } = new URL(urlOf('mqtt'))
    const [free] = await freePorts(1)
    const refusal = startListeners({ RONDA_MQTT_PORT: String(free), RONDA_MQTT_WS_PORT: taken })
    await expect(refusal).rejects.toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining('RONDA_MQTT_WS_PORT'),
    })
    await startListeners({ RONDA_MQTT_PORT: String(free) })
  })

  test('an address that cannot be had names the variable that sets it', async () => {
    const input = { ...secure(), RONDA_TLS_BIND: '192.0.2.1' }
    await expect(startListeners(input)).rejects.toMatchObject({ message: expect.stringContaining('RONDA_TLS_BIND') })
  })

  test('stopping ends no connection and takes no more', async () => {
    const { listeners, urlOf } = await startListeners({ RONDA_MQTT_PORT: '0', RONDA_MQTT_WS_PORT: '0' })
    const clients = [await connect(urlOf('mqtt')), await connect(urlOf('ws'))]
    await listeners.stop()
    for (const client of clients) await client.publishAsync('a', 'b', { qos: 1 })
    await expect(connect(urlOf('mqtt'))).rejects.toBeInstanceOf(Error)
    await expect(connect(urlOf('ws'))).rejects.toBeInstanceOf(Error)
  })
})

describe('TLS', () => {
  test('it may have an address of its own, and needs no certificate of the client', async () => {
    const { urlOf, broker } = await startListeners({ ...secure(), RONDA_TLS_BIND: '::1' })
    expect(urlOf('mqtts')).toMatch(/^mqtts:\/\/\[::1\]:\d+$/)
    const client = await connect(urlOf('mqtts'), { ca: folder.authority.certificate, host: '::1' })
    await client.publishAsync('a', 'b', { qos: 1 })
    expect(broker.visitors[0]?.arrival).toEqual({ address: '::1', encrypted: true })
  })

  test('nothing older than TLS 1.2', async () => {
    const { urlOf } = await startListeners(secure())
    const tls = { ca: folder.authority.certificate, ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' } as const
    await expect(handshake(urlOf('mqtts'), { ...tls, maxVersion: 'TLSv1.1' })).rejects.toThrow('alert')
    expect((await handshake(urlOf('mqtts'), { ...tls, maxVersion: 'TLSv1.2' })).getProtocol()).toBe('TLSv1.2')
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a certificate that holds says who it is (%s)', async (version) => {
    const { urlOf, broker, refused } = await startListeners(secure())
    const tls = { ...(await folder.client('pju-1')), minVersion: version, maxVersion: version }
    await (await connect(urlOf('mqtts'), tls)).publishAsync('a', 'b', { qos: 1 })
    expect(broker.visitors[0]?.arrival).toEqual({ address: '127.0.0.1', encrypted: true, certificateName: 'pju-1' })
    expect(refused).toEqual([])
  })

  test('without authorities no certificate is asked for', async () => {
    const { RONDA_TLS_CERT, RONDA_TLS_KEY } = folder.variables
    const { urlOf, broker } = await startListeners({ ...off, RONDA_MQTTS_PORT: '0', RONDA_TLS_CERT, RONDA_TLS_KEY })
    await connect(urlOf('mqtts'), await folder.client('pju-1'))
    expect(broker.visitors[0]?.arrival).toEqual({ address: '127.0.0.1', encrypted: true })
  })

  test.each(['mqtts', 'wss'] as const)('a certificate that does not hold ends the connection (%s)', async (scheme) => {
    const stranger = await (await createAuthority('Test authority')).issue({
      purpose: 'client',
      commonNames: ['pju-1'],
    })
    const revoked = await folder.client('pju-1')
    await folder.revoke(await folder.client('pju-2'), revoked)
    const cases: [code: string, tls: ClientTls][] = [
      ['tls_certificate_invalid', { ca: folder.authority.certificate, cert: stranger.certificate, key: stranger.key }],
      ['tls_certificate_invalid', await folder.client('pju-1', { commonNames: ['pju-1', 'pju-2'] })],
      ['tls_certificate_invalid', await folder.client('pju-1', { commonNames: [] })],
      ['tls_certificate_invalid', await folder.client('pju-1', { purpose: 'server' })],
      ['tls_certificate_invalid', await folder.client('pju-1', { notBefore: new Date(Date.now() + dayMs) })],
      ['tls_certificate_expired', await folder.client('pju-1', { notAfter: new Date(Date.now() - 1_000) })],
      ['tls_certificate_revoked', revoked],
    ]
    const { urlOf, broker, refused } = await startListeners({ ...secure(), RONDA_MQTT_WSS_PORT: '0' })
    for (const [, tls] of cases) await expect(connect(urlOf(scheme), tls)).rejects.toBeInstanceOf(Error)
    await vi.waitFor(() => expect(refused).toEqual(cases.map(([code]) => `${code} 127.0.0.1`)), within)
    expect(broker.visitors).toEqual([])
  })
})

describe('files', () => {
  async function problemsOf(input: EnvironmentInput): Promise<readonly string[]> {
    try {
      await startListeners(input)
      return []
    } catch (error) {
      if (error instanceof AppError && error.code === 'config_invalid') return error.problems
      throw error
    }
  }

  test('all that is wrong is told together, with what to do', async () => {
    folder.write('server.crt', 'nonsense')
    folder.write('server.key', folder.server.certificate)
    folder.write('devices.crl', folder.server.certificate)
    const problems = await problemsOf({ ...secure(), RONDA_TLS_CLIENT_CA: folder.path('nowhere') })
    expect(problems.map((each) => each.split(':')[0])).toEqual([
      'RONDA_TLS_CLIENT_CA',
      'RONDA_TLS_CERT',
      'RONDA_TLS_KEY',
    ])
    expect(await problemsOf({ ...secure(), RONDA_TLS_CLIENT_CA: folder.path('server.key') })).toHaveLength(3)
  })

  test.each<[what: string, problem: RegExp, spoil: () => void | Promise<void>]>([
    [
      'a key of another certificate',
      /^RONDA_TLS_KEY: .* is not the key of /,
      () => folder.write('server.key', folder.authority.key),
    ],
    [
      'an authority that is none',
      /^RONDA_TLS_CLIENT_CA: .* has no certificate/,
      () => folder.write('ca.crt', folder.server.key),
    ],
    ['a list that is none', /^RONDA_TLS_CRL: .* has no revocation list/, () => folder.write('devices.crl', '')],
    [
      'a list that is broken',
      /^RONDA_TLS_CRL: .* broken/,
      () => folder.write('devices.crl', '-----BEGIN X509 CRL-----\nMAAwAA==\n-----END X509 CRL-----\n'),
    ],
    [
      'the list of another authority of the same name',
      /^RONDA_TLS_CRL: .* none of the authorities/,
      async () => folder.write('devices.crl', await (await createAuthority('Test authority')).revocationList([])),
    ],
  ])('%s', async (_what, problem, spoil) => {
    await spoil()
    expect(await problemsOf(secure())).toEqual([expect.stringMatching(problem)])
  })

  test('what wants attention is told: a key that all can read, an end that is near, a list that is old', async () => {
    chmodSync(folder.path('server.key'), 0o644)
    folder.write('devices.crl', await folder.authority.revocationList([], new Date(Date.now() - 1_000)))
    const { warnings, urlOf, broker } = await startListeners(secure(), { now: () => Date.now() + 360 * dayMs })
    const told = warnings.mock.calls.map(([fields]) => fields)
    expect(told).toEqual([
      { code: 'tls_attention', what: expect.stringContaining('RONDA_TLS_CERT: the certificate expires on') },
      { code: 'tls_attention', what: expect.stringContaining('RONDA_TLS_CRL') },
      { code: 'tls_attention', what: expect.stringContaining('RONDA_TLS_KEY') },
    ])
    // A list that is old counts all the same, and refuses nobody else.
    await connect(urlOf('mqtts'), await folder.client('pju-1'))
    expect(broker.visitors[0]?.arrival.certificateName).toBe('pju-1')
  })
})
