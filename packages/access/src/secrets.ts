// Tokens and how they are kept. They carry 256 random bits, so a plain SHA-256 is enough to keep them by: a
// slow hash would add nothing and make a reconnect storm impossible.
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits, base64url: 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function sha256Hex(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex')
}

/** Compares in time that does not depend on where they differ. */
export function matchesHash(token: string | Uint8Array, expectedSha256: string): boolean {
  const expected = Buffer.from(expectedSha256, 'hex')
  return expected.length === 32 && timingSafeEqual(hash('sha256', token, 'buffer'), expected)
}
