// Accounts of people: a name and a password to sign in to the control room with, and what its person may do. Kept in
// the bucket `accounts` by name, changed over the API only. What is kept of a password never leaves the bucket.
import { z } from 'zod'
import { Role, SignInLink } from './session.ts'

export const AccountName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._@-]{2,59}$/,
    'a name to sign in with has 3 to 60 characters: letters, digits, dots, hyphens, underscores, @',
  )

/** As colleagues read it in the trail of a fault: no two accounts have the same. */
const DisplayName = z.string().trim().min(1).max(60)

/** What may be asked of the hash at all; what a new one has to be is decided by password-rules.ts of ingest. */
export const Password = z.string().min(1).max(512)

export const NewAccount = z.strictObject({ name: AccountName, displayName: DisplayName, role: Role })
export type NewAccount = z.infer<typeof NewAccount>

export const Account = NewAccount.extend({
  enabled: z.boolean(),
  /** ms UTC by the system's clock, like all times here. */
  createdAt: z.int(),
  /** Absent: there is none, its person has a link to choose one, or has to be given another. */
  passwordChangedAt: z.int().optional(),
  lastSignInAt: z.int().optional(),
  /** Grows by one with every change, signing in excepted. */
  revision: z.int().min(1),
})
export type Account = z.infer<typeof Account>

export const AccountPatch = z
  .strictObject({
    displayName: DisplayName.optional(),
    role: Role.optional(),
    enabled: z.boolean().optional(),
    revision: z.int().min(1).optional(),
  })
  .describe('Fields to change; with `revision`, only if that is still the newest')
export type AccountPatch = z.infer<typeof AccountPatch>

/** An account and the link with which its person comes in once and chooses a password. */
export const AccountWithLink = z.object({ account: Account, link: SignInLink })
export type AccountWithLink = z.infer<typeof AccountWithLink>

/** Whoever came in with a link as administrator makes an account for themselves. */
export const NewOwnAccount = z.strictObject({ name: AccountName, displayName: DisplayName, password: Password })
export type NewOwnAccount = z.infer<typeof NewOwnAccount>

export const PasswordChange = z.strictObject({
  current: Password.optional().describe('Unless there is none yet'),
  password: Password,
})
export type PasswordChange = z.infer<typeof PasswordChange>

/** A row of the bucket `accounts`. */
export interface AccountRow {
  account: Account
  /** With its parameters, as password-hash.ts of ingest writes it. */
  passwordHash?: string
  /** Hashes of the ids of browsers that it has signed in with, the newest first. */
  browsers?: readonly string[]
}
