// Signing in and out: a link is made by the administrator's token, used once, and becomes a cookie.
import type { Access } from '@ronda/access/sessions'
import type { WebOrigin } from '@ronda/access/web-origin'
import { AppError } from '@ronda/contracts/errors'
import { NewSignInLink, SessionInfo, SignIn, SignInLink } from '@ronda/contracts/session'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Guard } from './guard.ts'

export interface SessionRoutesDeps {
  access: Access
  guard: Guard
  origin: WebOrigin
}

export function sessionRoutes(app: HttpServer, { access, guard, origin }: SessionRoutesDeps): void {
  app.post(
    '/api/v1/sign-in-links',
    {
      onRequest: guard.needs('changeAccounts'),
      schema: {
        tags: ['session'],
        summary: 'Make a one-time sign-in link',
        body: NewSignInLink,
        response: { 201: SignInLink },
      },
    },
    async (request, reply) => {
      const { token, expiresAt } = await access.makeSignInToken(request.body.name, request.body.role)
      // In the fragment, so that no server and no log on the way sees it.
      return reply.code(201).send({ url: `${origin.pageUrl}/#token=${token}`, expiresAt })
    },
  )

  app.post(
    '/api/v1/session',
    {
      onRequest: guard.fromOurPage,
      // Anyone may send one.
      bodyLimit: 4 * 1024,
      schema: {
        tags: ['session'],
        summary: 'Sign in with the token of a link',
        body: SignIn,
        response: { 200: SessionInfo },
      },
    },
    async (request, reply) => {
      const { session, setCookie } = await access.signIn(request.body.token)
      return reply.header('set-cookie', setCookie).send(session)
    },
  )

  app.get(
    '/api/v1/session',
    { schema: { tags: ['session'], summary: 'Who is signed in', response: { 200: SessionInfo } } },
    async (request) => {
      const session = await access.sessionOf(request.headers.cookie)
      if (session === undefined) throw new AppError('unauthenticated', 'nobody is signed in')
      return session
    },
  )

  app.delete(
    '/api/v1/session',
    {
      onRequest: guard.fromOurPage,
      schema: { tags: ['session'], summary: 'Sign out', response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { setCookie } = await access.signOut(request.headers.cookie)
      return reply.code(204).header('set-cookie', setCookie).send(null)
    },
  )
}
