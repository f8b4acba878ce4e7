// Whether a name and a password belong together: within limits, in the same time whether or not there is such an
// account, one at a time. Browsers that an account has signed in with have a lane and limits of their own: nobody who
// guesses from elsewhere, however many they are, keeps its person out.
import { networkOf } from '@ronda/access/addresses'
import { createBackOff } from '@ronda/access/back-off'
import type { GatheredAudit } from '@ronda/access/gathered-audit'
import { sha256Hex } from '@ronda/access/secrets'
import type { AccountRow } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import { createLane } from './lane.ts'
import { hashPassword, isStale, matchesPassword, unmatchableHash } from './password-hash.ts'
import type { SignInCounts } from './sign-in-counts.ts'
import type { Visitor } from './visitor.ts'

const minuteMs = 60_000
/** Each doubles from a second: ten wrong passwords are mistakes, a hundred on one account take more than a day. */
const limits = {
  account: { failures: 10, windowMs: 15 * minuteMs, firstMs: 1_000, longestMs: 15 * minuteMs, mostEntries: 10_000 },
  /** Behind one address there may be a whole control room. */
  network: { failures: 30, windowMs: 15 * minuteMs, firstMs: 1_000, longestMs: 5 * minuteMs, mostEntries: 10_000 },
  browser: { failures: 10, windowMs: 15 * minuteMs, firstMs: 1_000, longestMs: 5 * minuteMs, mostEntries: 10_000 },
} as const
/** A second or two of work. */
const mostWaiting = 20

export interface CredentialsDeps {
  audit: GatheredAudit
  counts: SignInCounts
  /** ms, never going back. */
  elapsed: () => number
}

export interface Credentials {
  /**
   * Whether it is the password of an account that may be used; `row` is undefined where there is none of that name.
   * Throws `sign_in_limited` with how long to wait, `sign_in_busy`.
   */
  check(name: string, row: AccountRow | undefined, password: string, visitor: Visitor): Promise<boolean>
  /** Throws `sign_in_busy`. */
  hash(password: string): Promise<string>
  /** A stronger hash of a password that has just matched a weaker one; undefined where there is no need, or no time. */
  renew(password: string, hash: string | undefined): Promise<string | undefined>
}

export function createCredentials({ audit, counts, elapsed }: CredentialsDeps): Credentials {
  const accounts = createBackOff(limits.account, elapsed)
  const networks = createBackOff(limits.network, elapsed)
  const browsers = createBackOff(limits.browser, elapsed)
  const lane = () => createLane({ mostWaiting, onFull: () => counts.busy++ })
  const lanes = { known: lane(), strangers: lane() }
  const nobodys = unmatchableHash()

  /** Of somebody who is signed in, or has just proved who they are. */
  const hash = (password: string) => lanes.known(() => hashPassword(password))

  /** The browser, where this account has signed in with it before. */
  function knownBrowser(row: AccountRow | undefined, { browserId }: Visitor): string | undefined {
    const browser = browserId === undefined ? undefined : sha256Hex(browserId)
    return browser !== undefined && row?.browsers?.includes(browser) === true ? browser : undefined
  }

  return {
    async check(name, row, password, visitor) {
      const { address } = visitor
      const browser = knownBrowser(row, visitor)
      const network = networkOf(address)
      const limited = browser === undefined ? undefined : `${browser} ${name}`

      function refuse(code: 'sign_in_limited' | 'credentials_wrong'): void {
        // What was typed as a name may be a password: only names that are ours are told.
        const who = row === undefined ? '' : `account:${name}`
        audit.note({ who, did: 'was refused to sign in', what: '', address, code })
      }

      function keepLimits(): void {
        const waitMs =
          limited === undefined ? Math.max(accounts.waitMs(name), networks.waitMs(network)) : browsers.waitMs(limited)
        if (waitMs === 0) return
        counts.limited++
        refuse('sign_in_limited')
        const retryAfterS = Math.ceil(waitMs / 1_000)
        throw new AppError('sign_in_limited', `too many wrong passwords: try again in ${retryAfterS} s`, {
          retryAfterS,
        })
      }

      async function compare(): Promise<boolean> {
        // Those before it in the lane may have used up the attempts.
        keepLimits()
        const matches = await matchesPassword(password, row?.passwordHash ?? nobodys)
        const isRight = matches && row?.account.enabled === true
        if (isRight) {
          if (limited === undefined) accounts.succeeded(name)
          else browsers.succeeded(limited)
        } else {
          counts.wrong++
          refuse('credentials_wrong')
          if (limited === undefined) {
            accounts.failed(name)
            networks.failed(network)
          } else browsers.failed(limited)
        }
        return isRight
      }

      keepLimits()
      return (browser === undefined ? lanes.strangers : lanes.known)(compare)
    },

    hash,

    async renew(password, kept) {
      if (kept === undefined || !isStale(kept)) return undefined
      try {
        return await hash(password)
      } catch (error) {
        if (error instanceof AppError && error.code === 'sign_in_busy') return undefined
        throw error
      }
    },
  }
}
