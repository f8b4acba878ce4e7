// `npm run certificates` as someone uses it who has nothing yet.
import { X509Certificate } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ronda-certificates-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

/** As its output tells, the rest of the configuration may wait for what it makes. */
function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../local/certificates.ts'), ...args],
    { env: { ...process.env, RONDA_DATA_DIR: dataDir, RONDA_MQTTS_PORT: '8883' }, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

const pathOf = (name: string) => join(dataDir, 'certificates', name)
const read = (name: string) => readFileSync(pathOf(name), 'utf8')
const certificate = (name: string) => new X509Certificate(read(name))

test('an authority, a certificate for the broker and one for a device', () => {
  const { stdout } = run('server', 'mqtt.example.id', '192.0.2.7')
  for (const name of ['server.crt', 'server.key', 'ca.crt', 'devices.crl'])
    expect(stdout).toContain(`=${pathOf(name)}\n`)
  expect(run('device', 'pju-1', 'pju-2').stdout).toContain(pathOf('devices/pju-2.key'))

  const [ca, server, device] = [certificate('ca.crt'), certificate('server.crt'), certificate('devices/pju-1.crt')]
  for (const each of [server, device]) expect(each.verify(ca.publicKey)).toBe(true)
  for (const host of ['localhost', 'mqtt.example.id']) expect(server.checkHost(host)).toBe(host)
  for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(server.checkIP(address)).toBe(address)
  expect(device.subject).toBe('CN=pju-1')
  expect(device.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(device.validToDate.getTime() - Date.now()).toBeLessThanOrEqual(365 * 86_400_000)
  createSecureContext({
    cert: read('server.crt'),
    key: read('server.key'),
    ca: read('ca.crt'),
    crl: read('devices.crl'),
  })
  createSecureContext({ cert: read('devices/pju-1.crt'), key: read('devices/pju-1.key') })
  for (const name of ['ca.key', 'server.key', 'devices/pju-1.key'])
    expect(statSync(pathOf(name)).mode & 0o777).toBe(0o600)
})

test('what is revoked is on the list, with all that the device ever had, and the list grows', () => {
  const sizes: number[] = []
  const grow = (...args: string[]) => {
    expect(run(...args)).toMatchObject({ status: 0 })
    createSecureContext({ crl: read('devices.crl') })
    sizes.push(read('devices.crl').length)
  }
  grow('device', 'pju-1', 'pju-10')
  grow('device', 'pju-1')
  grow('revoke', 'pju-1')
  expect(readdirSync(pathOf('revoked'))).toHaveLength(2)
  expect(readdirSync(pathOf('issued'))).toEqual([expect.stringMatching(/^pju-10\./)])
  expect(readdirSync(pathOf('devices')).toSorted()).toEqual(['pju-10.crt', 'pju-10.key'])
  grow('revoke', 'pju-10')
  const [empty = 0, same = 0, two = 0, three = 0] = sizes
  expect([same - empty, Math.sign(two - same), Math.sign(three - two)]).toEqual([0, 1, 1])
})

test.each([
  [['revoke', 'pju-1'], 'there is no authority'],
  [['device'], 'which device'],
  [['device', 'PJU/1'], '"PJU/1" is none'],
  [['sign'], 'there is no command sign'],
])('%j is refused with what to do', (args, words) => {
  const { status, stderr } = run(...args)
  expect(status).toBe(2)
  expect(stderr).toContain(words)
  expect(readdirSync(dataDir)).toEqual([])
})
