// Whether a token is one that was issued to this device or service and still counts: the one decision, for
// whoever lets them in (broker, HTTP). Tokens belong to the real world, so all times here are the system clock's.
import type { IssuedToken } from '@ronda/contracts/token'
import { matchesHash, sha256Hex } from './secrets.ts'

/** `now` in ms UTC. Compares in time that does not depend on where they differ. */
export function matchesIssued(
  { tokenSha256, previousToken }: IssuedToken,
  token: string | Uint8Array,
  now: number,
): 'current' | 'previous' | undefined {
  if (matchesHash(token, tokenSha256)) return 'current'
  if (previousToken === undefined || now >= previousToken.until) return undefined
  return matchesHash(token, previousToken.sha256) ? 'previous' : undefined
}

/** What is kept of a token that is issued for the first time, or in place of all before it. */
export function firstIssue(token: string): IssuedToken {
  return { tokenSha256: sha256Hex(token) }
}

/** What is kept when a token follows another, which goes on for `overlapS` from `now` (ms UTC); the one before that ends. */
export function nextIssue(before: IssuedToken, token: string, overlapS: number, now: number): IssuedToken {
  const issued = firstIssue(token)
  if (overlapS === 0) return issued
  return { ...issued, previousToken: { sha256: before.tokenSha256, until: now + overlapS * 1_000 } }
}
