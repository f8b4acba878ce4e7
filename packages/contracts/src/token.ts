// Tokens of devices and services. What is kept of one is its SHA-256, never the token. They belong to the real
// world, so their times are the system clock's, whatever time is stamped.
import { z } from 'zod'

/** 30 days. */
export const longestOverlapS = 30 * 24 * 3_600

export const OverlapS = z
  .int()
  .min(0)
  .max(longestOverlapS)
  .default(0)
  .describe('Seconds that the old token goes on beside the new one, up to 30 days; 0: it ends at once')

/** How a new token takes the place of the old. */
export const TokenRotation = z.strictObject({ overlapS: OverlapS })
export type TokenRotation = z.infer<typeof TokenRotation>

export interface IssuedToken {
  /** In hex. */
  tokenSha256: string
  /** The token before, valid until crews have brought the new one to where it is used. */
  previousToken?: {
    /** In hex. */
    sha256: string
    /** ms UTC, by the system's clock: from then on it is worth nothing. */
    until: number
  }
}
