// Who is asking: the local administrator by token, or an operator by session cookie. Sessions are kept by the
// hash of their id in the bucket `sessions`, which ingest writes and ingest and fanout read.
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { Role, SessionInfo } from '@ronda/contracts/session'
import { parseCookie, stringifySetCookie } from 'cookie'
import { matchesHash, newToken, sha256Hex } from './secrets.ts'

const sessionMs = 30 * 24 * 3_600_000
const signInTokenMs = 10 * 60_000

export interface Principal {
  name: string
  role: Role
  /** A cookie is sent by the browser unasked, so its writes need proof of where they come from. */
  by: 'token' | 'cookie'
}

export interface AccessDeps {
  backbone: Backbone
  adminToken: string
  /** Port of the page: part of the cookie's name, because cookies ignore ports. */
  pagePort: number
  secure: boolean
  /** Real ms UTC, whatever time is stamped. */
  now: () => number
}

export interface Access {
  /** undefined when nobody, or nobody known, is asking. */
  whoAsks(headers: { authorization?: string | undefined; cookie?: string | undefined }): Promise<Principal | undefined>
  /** A token for a link, to be used once within 10 minutes. */
  makeSignInToken(name: string, role: Role): Promise<{ token: string; expiresAt: number }>
  /** Uses up a token; throws `sign_in_token_invalid`. */
  signIn(token: string): Promise<{ session: SessionInfo; setCookie: string }>
  signOut(cookie: string | undefined): Promise<{ setCookie: string }>
  sessionOf(cookie: string | undefined): Promise<SessionInfo | undefined>
}

export function createAccess({ backbone, adminToken, pagePort, secure, now }: AccessDeps): Access {
  const cookieName = `ronda_${pagePort}`
  const adminTokenSha256 = sha256Hex(adminToken)
  const sessions = backbone.bucket('sessions')
  const signInTokens = backbone.bucket('sign-in-tokens')

  function cookieWith(value: string, maxAgeS: number): string {
    return stringifySetCookie({
      name: cookieName,
      value,
      httpOnly: true,
      sameSite: 'strict',
      secure,
      path: '/',
      maxAge: maxAgeS,
    })
  }

  function sessionKey(cookie: string | undefined): string | undefined {
    const id = cookie === undefined ? undefined : parseCookie(cookie)[cookieName]
    return id === undefined ? undefined : sha256Hex(id)
  }

  async function sessionOf(cookie: string | undefined): Promise<SessionInfo | undefined> {
    const key = sessionKey(cookie)
    if (key === undefined) return undefined
    const row = await sessions.get(key)
    return row === undefined || row.value.expiresAt <= now() ? undefined : row.value
  }

  async function removeExpired(): Promise<void> {
    const expired = (rows: { key: string; value: { expiresAt: number } }[]) =>
      rows.filter(({ value }) => value.expiresAt <= now()).map(({ key }) => key)
    await backbone.commit({
      writes: [
        ...expired(await sessions.list()).map((key) => ({ bucket: 'sessions', key, value: undefined }) as const),
        ...expired(await signInTokens.list()).map(
          (key) => ({ bucket: 'sign-in-tokens', key, value: undefined }) as const,
        ),
      ],
    })
  }

  return {
    sessionOf,

    async whoAsks({ authorization, cookie }) {
      const bearer = bearerToken(authorization)
      if (bearer !== undefined) {
        return matchesHash(bearer, adminTokenSha256) ? { name: 'admin', role: 'administrator', by: 'token' } : undefined
      }
      const session = await sessionOf(cookie)
      return session === undefined ? undefined : { name: session.name, role: session.role, by: 'cookie' }
    },

    async makeSignInToken(name, role) {
      await removeExpired()
      const token = newToken()
      const expiresAt = now() + signInTokenMs
      await backbone.commit({
        writes: [
          { bucket: 'sign-in-tokens', key: sha256Hex(token), value: { name, role, expiresAt }, expectedRevision: 0 },
        ],
      })
      return { token, expiresAt }
    },

    async signIn(token) {
      const key = sha256Hex(token)
      const row = await signInTokens.get(key)
      if (row === undefined || row.value.expiresAt <= now()) throw usedUp()
      const { name, role } = row.value
      const id = newToken()
      const session: SessionInfo = { name, role, expiresAt: now() + sessionMs }
      try {
        await backbone.commit({
          writes: [
            // Of two who use the link at once, one finds the token gone.
            { bucket: 'sign-in-tokens', key, value: undefined, expectedRevision: row.revision },
            { bucket: 'sessions', key: sha256Hex(id), value: session },
          ],
        })
      } catch (error) {
        throw error instanceof AppError && error.code === 'revision_conflict' ? usedUp() : error
      }
      return { session, setCookie: cookieWith(id, sessionMs / 1_000) }
    },

    async signOut(cookie) {
      const key = sessionKey(cookie)
      if (key !== undefined) await backbone.commit({ writes: [{ bucket: 'sessions', key, value: undefined }] })
      return { setCookie: cookieWith('', 0) }
    },
  }
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer ([\w~+/.-]+=*)$/i.exec(authorization ?? '')?.[1]
}

function usedUp(): AppError {
  return new AppError(
    'sign_in_token_invalid',
    'this sign-in link was used already or is older than 10 minutes: ask for a new one with `npm run sign-in`',
  )
}
