// People and how they come in: wiring of the accounts, for the service and for whoever puts the page on a stage.
import { createGatheredAudit } from '@ronda/access/gathered-audit'
import { type PageCookie, createPageCookie } from '@ronda/access/page-cookie'
import { type Sessions, createSessions } from '@ronda/access/sessions'
import type { Backbone } from '@ronda/backbone/backbone'
import { type AccountRegistry, createAccountRegistry } from './account-registry.ts'
import { createCredentials } from './credentials.ts'
import { type OwnAccount, createOwnAccount } from './own-account.ts'
import { type SignInCounts, createSignInCounts } from './sign-in-counts.ts'
import { type SignIn, createSignIn } from './sign-in.ts'

/** Different refusals that the audit trail tells in a minute. */
const mostRefusals = 100

export interface AccountsDeps {
  backbone: Backbone
  adminToken: string
  /** Port of the page. */
  pagePort: number
  /** Cookies are for https only. */
  secure: boolean
  /** ms UTC of stamped time, for the audit trail. */
  now: () => number
  /** ms UTC by the system's clock. */
  systemNow: () => number
  /** ms, never going back. */
  elapsed: () => number
}

export interface Accounts {
  sessions: Sessions
  signIn: SignIn
  registry: AccountRegistry
  own: OwnAccount
  cookies: { session: PageCookie; browser: PageCookie }
  counts: Readonly<SignInCounts>
  /** Tells the audit trail what it has gathered. */
  stop(): void
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { backbone, adminToken, pagePort, secure, now, systemNow, elapsed } = deps
  const cookies = {
    session: createPageCookie({ pagePort, secure }),
    browser: createPageCookie({ pagePort, secure, suffix: '_browser' }),
  }
  const counts = createSignInCounts()
  const audit = createGatheredAudit({
    stream: backbone.stream('audit'),
    most: mostRefusals,
    onDropped: () => counts.auditDropped++,
    now,
  })
  const sessions = createSessions({ backbone, adminToken, pagePort, remembersUse: true, now: systemNow })
  const credentials = createCredentials({ audit, counts, elapsed })
  const registry = createAccountRegistry({ backbone, now, systemNow })
  return {
    sessions,
    signIn: createSignIn({ backbone, sessions, credentials, cookies, audit, counts, now, systemNow }),
    registry,
    own: createOwnAccount({ backbone, registry, credentials, now }),
    cookies,
    counts,
    stop() {
      audit.flush()
      audit.stop()
    },
  }
}
