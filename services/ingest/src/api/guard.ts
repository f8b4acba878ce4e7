// Who may ask for what. Every route of the API names the permission it needs; a cookie, which browsers send unasked,
// is believed only on our host, and on writes only from our own page.
import type { IncomingHttpHeaders } from 'node:http'
import type { Principal, Sessions } from '@ronda/access/sessions'
import type { WebOrigin } from '@ronda/access/web-origin'
import { AppError } from '@ronda/contracts/errors'
import { type Permission, may, permissions } from '@ronda/contracts/permissions'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of the route. */
    principal: Principal | undefined
  }
}

/** What of a Fastify request the guard looks at. */
export interface GuardedRequest {
  headers: IncomingHttpHeaders
  method: string
  principal: Principal | undefined
}

/** Content types that a page of another site cannot send without asking first. */
const writeTypes = ['application/json', 'text/csv']

export interface Guard {
  /** An onRequest hook that lets only those through who may: nobody else's body is read. */
  needs(permission: Permission): (request: GuardedRequest) => Promise<void>
  /** An onRequest hook that refuses a request of a cookie that another site could have caused. */
  fromOurPage(request: GuardedRequest): Promise<void>
}

export function createGuard(sessions: Pick<Sessions, 'whoAsks'>, origin: WebOrigin): Guard {
  function checkOrigin(request: GuardedRequest): void {
    const { headers, method } = request
    if (!origin.hostAllowed(headers.host)) {
      throw new AppError(
        'host_not_allowed',
        `the host ${headers.host} is not served here: set RONDA_PUBLIC_URL to the address you use`,
      )
    }
    if (method === 'GET' || method === 'HEAD') return
    if (!origin.originAllowed(headers.origin)) {
      throw new AppError(
        'origin_mismatch',
        `a request from ${headers.origin ?? 'an unknown origin'} may not use the session`,
      )
    }
    const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (type !== undefined && !writeTypes.includes(type)) {
      throw new AppError('unsupported_media_type', `send ${writeTypes.join(' or ')}, not ${type}`)
    }
  }

  return {
    async fromOurPage(request) {
      checkOrigin(request)
    },
    needs(permission) {
      return async (request) => {
        const principal = await sessions.whoAsks(request.headers)
        if (principal === undefined)
          throw new AppError('unauthenticated', 'sign in, or send the token as Authorization: Bearer')
        if (principal.by === 'cookie') checkOrigin(request)
        if (!may(principal.role, permission)) {
          const [from, what] = permissions[permission]
          throw new AppError('forbidden', `${principal.name} is ${principal.role}; this needs ${from}: ${what}`)
        }
        request.principal = principal
      }
    },
  }
}

/** How records of the log name who asked. */
export function recordPrincipal(principal: Principal): string {
  if (principal.by === 'token') return principal.name
  return principal.account === undefined ? `operator:${principal.name}` : `account:${principal.account}`
}

/** Who asks; only in handlers behind the guard. */
export function principalOf(request: GuardedRequest): Principal {
  if (request.principal === undefined) throw new Error('a route without its guard')
  return request.principal
}

/** Who asks, as records of the log and the audit trail name them; only in handlers behind the guard. */
export function askerOf(request: GuardedRequest): string {
  return recordPrincipal(principalOf(request))
}
