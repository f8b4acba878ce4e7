// Who is asking: the local administrator by token, or a person by session cookie. Sessions are kept by the hash of
// their id in the bucket `sessions`, which ingest writes, and ingest and fanout read. A row that is gone is a session
// that has ended: whoever watches the bucket knows it at once.
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { Role } from '@ronda/contracts/permissions'
import type { SessionRow } from '@ronda/contracts/session'
import { createPageCookie } from './page-cookie.ts'
import { matchesHash, sha256Hex } from './secrets.ts'

/** However much it is used, a session ends after this (NIST SP 800-63B: 30 days at the lowest level). */
export const sessionMs = 30 * 24 * 3_600_000
/** Unused for this it ends: a shift and its handover. An open page uses its session. */
export const idleMs = 12 * 3_600_000
/** How precisely its use is remembered: each time is a write. */
const useMs = 10 * 60_000

/** A cookie is sent by the browser unasked, so its writes need proof of where they come from. */
export type Principal = { name: string; role: Role } & (
  | { by: 'token' }
  /** `session` is its key in the bucket; `account` is absent of one that began with a plain link. */
  | { by: 'cookie'; session: string; account?: string | undefined }
)

export interface SessionsDeps {
  backbone: Backbone
  adminToken: string
  pagePort: number
  /** Who remembers that a session is used; all others only read. */
  remembersUse: boolean
  /** Real ms UTC, whatever time is stamped. */
  now: () => number
}

export interface Sessions {
  /** undefined when nobody, or nobody known, is asking. */
  whoAsks(headers: { authorization?: string | undefined; cookie?: string | undefined }): Promise<Principal | undefined>
  /** By a `Cookie` header. */
  find(cookie: string | undefined): Promise<Row<SessionRow> | undefined>
  /** By its key. */
  holds(key: string): Promise<boolean>
}

export function createSessions({ backbone, adminToken, pagePort, remembersUse, now }: SessionsDeps): Sessions {
  // How it is written does not matter for reading.
  const cookies = createPageCookie({ pagePort, secure: false })
  const adminTokenSha256 = sha256Hex(adminToken)
  const sessions = backbone.bucket('sessions')

  async function find(cookie: string | undefined): Promise<Row<SessionRow> | undefined> {
    const id = cookies.read(cookie)
    const row = id === undefined ? undefined : await sessions.get(sha256Hex(id))
    if (row === undefined || isOver(row.value, now())) return undefined
    if (remembersUse && row.value.seenAt < now() - useMs) await rememberUse(row)
    return row
  }

  async function rememberUse({ key, value, revision }: Row<SessionRow>): Promise<void> {
    const write = { bucket: 'sessions', key, value: { ...value, seenAt: now() }, expectedRevision: revision } as const
    try {
      await backbone.commit({ writes: [write] })
    } catch (error) {
      // It ended meanwhile, or another request was first; or there is no room, and reading must go on.
      if (!(error instanceof AppError)) throw error
    }
  }

  return {
    find,
    async holds(key) {
      const row = await sessions.get(key)
      return row !== undefined && !isOver(row.value, now())
    },
    async whoAsks({ authorization, cookie }) {
      const bearer = bearerToken(authorization)
      if (bearer !== undefined) {
        return matchesHash(bearer, adminTokenSha256) ? { name: 'admin', role: 'administrator', by: 'token' } : undefined
      }
      const row = await find(cookie)
      if (row === undefined) return undefined
      const { name, role, account } = row.value
      return { name, role, by: 'cookie', session: row.key, account }
    },
  }
}

export function isOver({ expiresAt, seenAt }: SessionRow, now: number): boolean {
  // Rows of before there was `seenAt` are over, too.
  return !(expiresAt > now && seenAt + idleMs > now)
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer ([\w~+/.-]+=*)$/i.exec(authorization ?? '')?.[1]
}
