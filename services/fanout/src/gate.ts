// Who may come in: the host names served, the page's origin, the session or the administrator's token. Asked by
// the upgrade and by every HTTP request.
import { type Principal, bearerToken, createSessions } from '@ronda/access/sessions'
import { type WebOriginOptions, createWebOrigin } from '@ronda/access/web-origin'
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import type { IncomingHttpHeaders } from 'node:http'

export interface Gate {
  /** Throws `host_not_allowed`. */
  checkHost(headers: IncomingHttpHeaders): void
  /** Throws `unauthenticated`. */
  checkWhoAsks(headers: IncomingHttpHeaders): Promise<Principal>
  /** All of an upgrade: throws `host_not_allowed`, `unauthenticated` or `origin_mismatch`. */
  checkUpgrade(headers: IncomingHttpHeaders): Promise<Principal>
  /** Whether the session of this key still holds. */
  holds(session: string): Promise<boolean>
}

export interface GateDeps {
  backbone: Backbone
  adminToken: string
  env: WebOriginOptions
  /** The port of the page, once it is known. */
  pagePort: number
  /** Real ms UTC. */
  now: () => number
}

export function createGate({ backbone, adminToken, env, pagePort, now }: GateDeps): Gate {
  const origin = createWebOrigin(env, pagePort)
  const sessions = createSessions({ backbone, adminToken, pagePort, remembersUse: false, now })

  function checkHost({ host, authorization }: IncomingHttpHeaders): void {
    // A page that goes by our address under its own name has the browser's cookies, but no token; and programs
    // and devices use whatever address they have.
    if (origin.hostAllowed(host) || bearerToken(authorization) !== undefined) return
    throw new AppError(
      'host_not_allowed',
      `the host name ${host ?? '(none)'} is not served here: set RONDA_PUBLIC_URL to the address that operators use`,
    )
  }

  async function checkWhoAsks({ authorization, cookie }: IncomingHttpHeaders): Promise<Principal> {
    const principal = await sessions.whoAsks({ authorization, cookie })
    if (principal !== undefined) return principal
    const why = bearerToken(authorization) === undefined ? 'sign in, or send the token' : 'the token is wrong'
    throw new AppError('unauthenticated', why)
  }

  return {
    checkHost,
    checkWhoAsks,
    async checkUpgrade(headers) {
      checkHost(headers)
      const principal = await checkWhoAsks(headers)
      // A browser sends the cookie for whatever page opens the WebSocket; only Origin tells whose page it is.
      if (principal.by === 'cookie' && !origin.originAllowed(headers.origin)) {
        throw new AppError('origin_mismatch', `a page of ${headers.origin ?? 'no origin'} may not use this session`)
      }
      return principal
    },
    holds: sessions.holds,
  }
}
