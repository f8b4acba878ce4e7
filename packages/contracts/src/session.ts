// Signing in: a name and a password, or the one-time token of a link, are exchanged for a session cookie.
import { z } from 'zod'
import { roles } from './permissions.ts'

export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** 256 bits, base64url. */
export const Token = z.string().regex(/^[\w-]{43}$/, 'not a token')

/** Body of `POST /api/v1/session`: of a link, or of an account. Names are compared as accounts keep them. */
export const SignIn = z.union([
  z.strictObject({ token: Token }),
  z.strictObject({ name: z.string().trim().toLowerCase().min(1).max(60), password: z.string().min(1).max(512) }),
])

export type SignIn = z.infer<typeof SignIn>

/** What there is to do for a person before all else: choose a password, or make the first account. */
const setUps = ['password', 'account'] as const

/** Answer of `POST` and `GET /api/v1/session`. */
export const SessionInfo = z.object({
  /** As colleagues read it. */
  name: z.string(),
  role: Role,
  /** ms UTC, if it is used until then. */
  expiresAt: z.int(),
  account: z.string().optional().describe('The name to sign in with; absent of a session that began with a plain link'),
  setUp: z.enum(setUps).optional(),
})
export type SessionInfo = z.infer<typeof SessionInfo>

/** Body and answer of `POST /api/v1/sign-in-links`. */
export const NewSignInLink = z.strictObject({ name: z.string().trim().min(1).max(60), role: Role })
export const SignInLink = z.object({ url: z.string(), expiresAt: z.int() })
export type SignInLink = z.infer<typeof SignInLink>

/** One of a person's sessions, as they see it. */
export const OwnSession = z.object({
  /** The hash by which it is kept: it lets nobody in. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  /** Times are ms UTC. */
  createdAt: z.int(),
  /** To about ten minutes. */
  seenAt: z.int(),
  address: z.string(),
  /** As the browser calls itself. */
  browser: z.string(),
  isThis: z.boolean(),
})
export type OwnSession = z.infer<typeof OwnSession>

/** A row of the bucket `sessions`. */
export interface SessionRow {
  name: string
  role: Role
  /** Of a session that did not begin with a plain link. */
  account?: string
  createdAt: number
  /** To about ten minutes. */
  seenAt: number
  /** ms UTC, whether or not it is used. */
  expiresAt: number
  address: string
  browser: string
}

/** A row of the bucket `sign-in-tokens`: whoever brings the token is this person, or has this account. */
export type SignInTokenRow = { expiresAt: number } & ({ name: string; role: Role } | { account: string })
