import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tags, timeOf, valuesIn } from './der.ts'
import { readRevocations } from './revocation.ts'

/** As OpenSSL made them: an authority, the certificate that it revoked, another, and the list. */
function read(name: 'rsa' | 'p384' | 'ed25519' | 'pss') {
  const pem = readFileSync(join(import.meta.dirname, `../../test/revocation/${name}.pem`), 'utf8')
  const [authority, revoked, good] = (pem.match(/-----BEGIN C[^]+?-----END .*/g) ?? []).map(
    (block) => new X509Certificate(block),
  )
  if (authority === undefined || revoked === undefined || good === undefined) throw new Error(`${name} lacks something`)
  return { authority, revoked, good, list: pem.slice(pem.indexOf('-----BEGIN X509 CRL')) }
}

// Between them: version 1 and 2, with extensions and without, serial numbers with their top bit set and not.
test.each(['rsa', 'p384', 'ed25519'] as const)('the list of an authority with %s', (name) => {
  const { authority, revoked, good, list } = read(name)
  const revocations = readRevocations(list, [read('pss').authority, authority])
  expect(revocations.includes([revoked])).toBe(true)
  expect(revocations.includes([good, revoked])).toBe(true)
  expect(revocations.includes([good, authority])).toBe(false)
  expect(new Date(revocations.nextUpdateAt).toISOString()).toMatch(/^2036-11-19T03:25:1\d\.000Z$/)
})

test('several lists in one file count together', () => {
  const [one, other] = [read('rsa'), read('p384')]
  const revocations = readRevocations(one.list + other.list, [one.authority, other.authority])
  expect([one.revoked, other.revoked].map((each) => revocations.includes([each]))).toEqual([true, true])
})

test('a serial number means something with its own authority only', () => {
  const { authority, revoked, list } = read('ed25519')
  const { revoked: namesake } = read('pss')
  expect([namesake.serialNumber, namesake.issuer]).toEqual([revoked.serialNumber, revoked.issuer])
  expect(readRevocations(list, [authority]).includes([namesake])).toBe(false)
})

test('what is not signed by an authority, or not in a way that is known, is no list', () => {
  const { authority, list } = read('p384')
  expect(() => readRevocations(list, [read('rsa').authority])).toThrow('none of the authorities')
  const pss = read('pss')
  expect(() => readRevocations(pss.list, [pss.authority])).toThrow('algorithm that is not known')
  const der = Buffer.from(list.replace(/-----.*?-----/g, ''), 'base64')
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const spoiled = Buffer.from(der)
      spoiled[at] = (spoiled[at] ?? 0) ^ change
      const pem = `-----BEGIN X509 CRL-----\n${spoiled.toString('base64')}\n-----END X509 CRL-----\n`
      expect(() => readRevocations(pem, [authority])).toThrow(/^(has a|is signed)/)
    }),
  )
})

test('values of DER are neither made up nor read beyond their end', () => {
  const bytes = Buffer.from('0201053081020500', 'hex')
  expect([...valuesIn(bytes)].map(({ tag, content }) => `${tag} ${content.toString('hex')}`)).toEqual([
    '2 05',
    '48 0500',
  ])
  for (const hex of ['02', '0202ff', '3080', '308500000000010000', '3081']) {
    expect(() => [...valuesIn(Buffer.from(hex, 'hex'))]).toThrow(RangeError)
  }
})

test.each([
  [tags.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
  [tags.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
  [tags.generalizedTime, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
])('time %i %s', (tag, text, expected) => {
  const content = Buffer.from(text)
  expect(new Date(timeOf({ tag, content, whole: content })).toISOString()).toBe(expected)
})
