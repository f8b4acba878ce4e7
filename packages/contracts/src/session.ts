// Signing in: a one-time token from a link is exchanged for a session cookie.
import { z } from 'zod'
import { roles } from './permissions.ts'

export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** 256 bits, base64url. */
export const Token = z.string().regex(/^[\w-]{43}$/, 'not a token')

/** Body of `POST /api/v1/session`. */
export const SignIn = z.strictObject({ token: Token })

/** Answer of `POST` and `GET /api/v1/session`. */
export const SessionInfo = z.object({ name: z.string(), role: Role, expiresAt: z.int() })
export type SessionInfo = z.infer<typeof SessionInfo>

/** Body and answer of `POST /api/v1/sign-in-links`. */
export const NewSignInLink = z.strictObject({ name: z.string().trim().min(1).max(60), role: Role })
export const SignInLink = z.object({ url: z.string(), expiresAt: z.int() })
