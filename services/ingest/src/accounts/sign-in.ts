// The way in: the token of a link or a name and a password become a session; and the way out.
import { createAuditedCommit } from '@ronda/access/audit'
import type { GatheredAudit } from '@ronda/access/gathered-audit'
import type { PageCookie } from '@ronda/access/page-cookie'
import { newToken, sha256Hex } from '@ronda/access/secrets'
import { type Sessions, sessionMs } from '@ronda/access/sessions'
import type { Backbone, Row, Write } from '@ronda/backbone/backbone'
import type { AccountRow } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import type { Role } from '@ronda/contracts/permissions'
import type { SessionInfo, SessionRow } from '@ronda/contracts/session'
import type { Credentials } from './credentials.ts'
import { type NewSession, linkMs, newLink, newSession, surplusEndings } from './session-rows.ts'
import type { SignInCounts } from './sign-in-counts.ts'
import type { Visitor } from './visitor.ts'

/** A browser is remembered so long, unless it comes again. */
const browserMs = 400 * 24 * 3_600_000
/** Of an account. */
const mostBrowsers = 10
/** How often somebody may change an account while its person signs in. */
const mostAttempts = 5

export interface SignedIn {
  session: SessionInfo
  setCookies: string[]
}

export interface SignIn {
  /** A token for a link, to be used once within 10 minutes, by somebody without an account. */
  makeLink(name: string, role: Role): Promise<{ token: string; expiresAt: number }>
  /** Uses up a token; throws `sign_in_token_invalid`. */
  byLink(token: string, visitor: Visitor): Promise<SignedIn>
  /** Throws `credentials_wrong`, whatever of it is wrong; `sign_in_limited`, `sign_in_busy`. */
  byPassword(name: string, password: string, visitor: Visitor): Promise<SignedIn>
  /** Ends the session of a `Cookie` header, if there is one. */
  out(cookie: string | undefined): Promise<void>
  /** Who is signed in, of a `Cookie` header. */
  infoOf(cookie: string | undefined): Promise<SessionInfo | undefined>
}

export interface SignInDeps {
  backbone: Backbone
  sessions: Sessions
  credentials: Credentials
  cookies: { session: PageCookie; browser: PageCookie }
  audit: GatheredAudit
  counts: SignInCounts
  /** ms UTC of stamped time, for the audit trail. */
  now: () => number
  /** ms UTC by the system's clock. */
  systemNow: () => number
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { backbone, sessions, credentials, cookies, audit, counts, now, systemNow } = deps
  const accounts = backbone.bucket('accounts')
  const tokens = backbone.bucket('sign-in-tokens')
  const commitAudited = createAuditedCommit(backbone, now)

  async function describe({ name, role, expiresAt, account }: SessionRow): Promise<SessionInfo> {
    const session = { name, role, expiresAt }
    if (account !== undefined) {
      const hasPassword = (await accounts.get(account))?.value.passwordHash !== undefined
      return { ...session, account, ...(hasPassword ? {} : { setUp: 'password' as const }) }
    }
    const isFirst = role === 'administrator' && (await accounts.list({ limit: 1 })).length === 0
    return { ...session, ...(isFirst ? { setUp: 'account' as const } : {}) }
  }

  async function enter({ id, row }: NewSession, browserId?: string): Promise<SignedIn> {
    return {
      session: await describe(row),
      setCookies: [
        cookies.session.write(id, sessionMs / 1_000),
        ...(browserId === undefined ? [] : [cookies.browser.write(browserId, browserMs / 1_000)]),
      ],
    }
  }

  /**
   * Begins a session of an account. The account's row is written with it, on the revision that was looked at: whoever
   * disables the account at this moment ends this session as well, or is seen here.
   */
  async function enterAccount(
    { value, revision, key: name }: Row<AccountRow>,
    visitor: Visitor,
    { how, passwordHash, writes = [] }: { how: string; passwordHash?: string | undefined; writes?: Write[] },
  ): Promise<SignedIn> {
    const { displayName, role } = value.account
    const { address, browserId = newToken() } = visitor
    const session = newSession({ name: displayName, role, account: name }, visitor, systemNow())
    const browserHash = sha256Hex(browserId)
    const browsers = [browserHash, ...(value.browsers ?? []).filter((hash) => hash !== browserHash)]
    const account: AccountRow = {
      ...value,
      ...(passwordHash === undefined ? {} : { passwordHash }),
      account: { ...value.account, lastSignInAt: systemNow() },
      browsers: browsers.slice(0, mostBrowsers),
    }
    await commitAudited(
      { who: `account:${name}`, did: 'signed in', what: how, address },
      {
        writes: [
          ...writes,
          { bucket: 'accounts', key: name, value: account, expectedRevision: revision },
          ...(await surplusEndings(backbone, name)),
          session.write,
        ],
      },
    )
    return enter(session, browserId)
  }

  async function useLink(token: string, visitor: Visitor): Promise<SignedIn | undefined> {
    const key = sha256Hex(token)
    const row = await tokens.get(key)
    if (row === undefined || row.value.expiresAt <= systemNow()) return undefined
    // Of two who use the link at once, one finds the token gone.
    const writes: Write[] = [{ bucket: 'sign-in-tokens', key, value: undefined, expectedRevision: row.revision }]
    if ('account' in row.value) {
      const account = await accounts.get(row.value.account)
      if (account?.value.account.enabled !== true) return undefined
      return enterAccount(account, visitor, { how: 'with a link', writes })
    }
    const { name, role } = row.value
    const session = newSession({ name, role }, visitor, systemNow())
    const { address } = visitor
    await commitAudited(
      { who: `operator:${name}`, did: 'signed in', what: `as ${role}, with a link`, address },
      { writes: [...writes, session.write] },
    )
    return enter(session)
  }

  return {
    async makeLink(name, role) {
      const expiresAt = systemNow() + linkMs
      const { token, write } = newLink({ name, role, expiresAt })
      await backbone.commit({ writes: [write] })
      return { token, expiresAt }
    },

    async byLink(token, visitor) {
      const signedIn = await againOnConflict(() => useLink(token, visitor))
      if (signedIn === undefined) {
        counts.linkRefused++
        const code = 'sign_in_token_invalid'
        audit.note({ who: '', did: 'was refused to sign in', what: 'with a link', address: visitor.address, code })
        throw new AppError(code, 'this sign-in link was used already or is too old: ask for a new one')
      }
      counts.link++
      return signedIn
    },

    async byPassword(name, password, visitor) {
      const row = await accounts.get(name)
      if (!(await credentials.check(name, row?.value, password, visitor)) || row === undefined) throw wrong()
      const { passwordHash } = row.value
      const renewed = await credentials.renew(password, passwordHash)
      const signedIn = await againOnConflict(async () => {
        const current = await accounts.get(name)
        // The password that was checked may be an old one by now.
        if (current?.value.account.enabled !== true || current.value.passwordHash !== passwordHash) return undefined
        return enterAccount(current, visitor, { how: 'with a password', passwordHash: renewed })
      })
      if (signedIn === undefined) throw wrong()
      counts.password++
      return signedIn
    },

    async out(cookie) {
      const row = await sessions.find(cookie)
      if (row !== undefined) await backbone.commit({ writes: [{ bucket: 'sessions', key: row.key, value: undefined }] })
    },

    async infoOf(cookie) {
      const row = await sessions.find(cookie)
      return row === undefined ? undefined : describe(row.value)
    },
  }
}

/** Somebody else was first: looks again at what there is now. */
async function againOnConflict<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isConflict = error instanceof AppError && error.code === 'revision_conflict'
      if (!isConflict || attempt >= mostAttempts) throw error
    }
  }
}

function wrong(): AppError {
  return new AppError('credentials_wrong', 'the name or the password is wrong')
}
