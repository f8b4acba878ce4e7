import { describe, expect, test } from 'vitest'
import { hashPassword, isStale, matchesPassword, unmatchableHash } from './password-hash.ts'

test('a password matches its own hash, whoever’s hash it is differs each time', async () => {
  const [first, second] = [await hashPassword('kopi tubruk pagi'), await hashPassword('kopi tubruk pagi')]
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(second).not.toBe(first)
  for (const hash of [first, second]) {
    expect(await matchesPassword('kopi tubruk pagi', hash)).toBe(true)
    expect(await matchesPassword('kopi tubruk Pagi', hash)).toBe(false)
    expect(await matchesPassword('', hash)).toBe(false)
    expect(isStale(hash)).toBe(false)
  }
})

test('however its characters are composed, it is the same password', async () => {
  expect(await matchesPassword('cafe\u0301 di pojok', await hashPassword('caf\u00e9 di pojok'))).toBe(true)
})

// From the reference implementation's own tests (phc-winner-argon2, src/test.c).
const ofReference = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'

describe('a hash with other parameters', () => {
  test('holds, and is stale', async () => {
    expect(await matchesPassword('password', ofReference)).toBe(true)
    expect(await matchesPassword('passwore', ofReference)).toBe(false)
    expect(isStale(ofReference)).toBe(true)
  })
})

test('what is no hash is an error, not a mismatch', async () => {
  for (const none of ['', 'password', ofReference.replace('argon2id', 'argon2i'), `${ofReference}$`]) {
    await expect(matchesPassword('password', none)).rejects.toThrow('not a hash')
  }
})

test('nothing matches the hash of who is not there', async () => {
  for (const password of ['', 'password']) expect(await matchesPassword(password, unmatchableHash())).toBe(false)
})
