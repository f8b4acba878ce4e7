import { expect, test } from 'vitest'
import { matchesHash, newToken, sha256Hex } from './secrets.ts'

test('a token is 256 bits, never the same, and matches its own hash only', () => {
  const tokens = Array.from({ length: 100 }, newToken)
  expect(new Set(tokens).size).toBe(100)
  for (const token of tokens) {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(matchesHash(token, sha256Hex(token))).toBe(true)
    expect(matchesHash(Buffer.from(token), sha256Hex(token))).toBe(true)
    expect(matchesHash(`${token}x`, sha256Hex(token))).toBe(false)
  }
  for (const none of ['', 'zz', sha256Hex('x').slice(2)]) expect(matchesHash('', none)).toBe(false)
})
