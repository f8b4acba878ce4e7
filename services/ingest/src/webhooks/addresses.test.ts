import { describe, expect, test } from 'vitest'
import { type Resolve, addressProblem, urlProblem } from './addresses.ts'

const strict = { plaintext: false }
const plain = { plaintext: true }

describe('addresses', () => {
  test.each([
    ['169.254.169.254', false],
    ['169.254.0.1', false],
    ['169.253.255.255', true],
    ['0.0.0.0', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['100.100.100.200', false],
    ['192.0.0.192', false],
    ['10.1.2.3', true],
    ['192.168.1.1', true],
    ['127.0.0.1', true],
    ['203.0.113.7', true],
    ['::', false],
    ['::1', true],
    ['fe80::1', false],
    ['febf::1', false],
    ['ff02::1', false],
    ['fd00:ec2::254', false],
    ['fd00::1', true],
    ['2001:db8::1', true],
    ['::ffff:169.254.169.254', false],
    ['::ffff:a9fe:a9fe', false],
    ['::ffff:10.0.0.1', true],
    ['64:ff9b::a9fe:a9fe', false],
    ['2002:a9fe:a9fe::1', false],
  ])('%s may be sent to: %s', (address, may) => {
    expect(addressProblem('https:', address, strict) === undefined).toBe(may)
  })

  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['2001:db8::1', false],
  ])('unencrypted, %s: %s', (address, may) => {
    expect(addressProblem('http:', address, strict) === undefined).toBe(may)
    expect(addressProblem('http:', address, plain)).toBeUndefined()
  })
})

describe('URLs', () => {
  const names: Record<string, string[]> = {
    'work.example.id': ['10.0.0.7', '2001:db8::7'],
    'metadata.example.id': ['203.0.113.7', '169.254.169.254'],
    localhost: ['127.0.0.1'],
    'odd.localhost': ['10.0.0.7'],
  }
  const resolve: Resolve = (host, _options, callback) => {
    const addresses = names[host]
    const all = addresses?.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (all === undefined) callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
    else callback(null, all)
  }

  test.each([
    ['https://work.example.id/hooks?city=tangsel', undefined],
    ['https://not-there.example.id/', undefined],
    ['http://localhost:8090/', undefined],
    ['http://127.0.0.1:8090/', undefined],
    ['http://[::1]:8090/', undefined],
    ['https://10.0.0.7/', undefined],
    ['https://user@work.example.id/', /user name or password/],
    ['https://:secret@work.example.id/', /user name or password/],
    ['https://metadata.example.id/', /169\.254\.169\.254 is a link-local/],
    ['https://169.254.169.254/latest', /link-local/],
    ['https://0xa9fea9fe/', /link-local/],
    ['https://2852039166/', /link-local/],
    ['https://[::ffff:169.254.169.254]/', /link-local/],
    ['http://work.example.id/', /not loopback: use https/],
    ['http://not-there.example.id/', /not loopback: use https/],
    ['http://odd.localhost/', /not loopback: use https/],
    ['http://10.0.0.7/', /not loopback: use https/],
  ])('%s', async (url, problem) => {
    const found = await urlProblem(url, strict, resolve)
    if (problem === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(problem)
  })

  test('unencrypted ones are accepted where plain text is', async () => {
    expect(await urlProblem('http://work.example.id/', plain, resolve)).toBeUndefined()
    expect(await urlProblem('http://metadata.example.id/', plain, resolve)).toMatch(/link-local/)
  })
})
