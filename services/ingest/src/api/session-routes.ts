// Signing in and out: a name and a password, or a link that is used once, become a cookie.
import type { WebOrigin } from '@ronda/access/web-origin'
import { AppError } from '@ronda/contracts/errors'
import { NewSignInLink, SessionInfo, SignIn, SignInLink } from '@ronda/contracts/session'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Accounts } from '../accounts/accounts.ts'
import { visitorOf } from '../accounts/visitor.ts'
import type { Guard } from './guard.ts'
import { linkTo } from './sign-in-link.ts'

export interface SessionRoutesDeps {
  accounts: Pick<Accounts, 'signIn' | 'cookies'>
  guard: Guard
  origin: WebOrigin
}

export function sessionRoutes(app: HttpServer, { accounts, guard, origin }: SessionRoutesDeps): void {
  const { signIn, cookies } = accounts
  const tags = ['session']

  app.post(
    '/api/v1/sign-in-links',
    {
      onRequest: guard.needs('changeAccounts'),
      schema: {
        tags,
        summary: 'Make a one-time sign-in link for somebody without an account',
        body: NewSignInLink,
        response: { 201: SignInLink },
      },
    },
    async (request, reply) => {
      const { name, role } = request.body
      return reply.code(201).send(linkTo(origin, await signIn.makeLink(name, role)))
    },
  )

  app.post(
    '/api/v1/session',
    {
      onRequest: guard.fromOurPage,
      // Anyone may send one.
      bodyLimit: 4 * 1024,
      schema: {
        tags,
        summary: 'Sign in with a name and a password, or with the token of a link',
        description: 'Too many wrong passwords, or too many who sign in at once, are told how long to wait.',
        body: SignIn,
        response: { 200: SessionInfo },
      },
    },
    async (request, reply) => {
      const visitor = visitorOf(request, cookies.browser)
      const { body } = request
      const { session, setCookies } =
        'token' in body
          ? await signIn.byLink(body.token, visitor)
          : await signIn.byPassword(body.name, body.password, visitor)
      return reply.header('set-cookie', setCookies).send(session)
    },
  )

  app.get(
    '/api/v1/session',
    { schema: { tags, summary: 'Who is signed in', response: { 200: SessionInfo } } },
    async (request) => {
      const session = await signIn.infoOf(request.headers.cookie)
      if (session === undefined) throw new AppError('unauthenticated', 'nobody is signed in')
      return session
    },
  )

  app.delete(
    '/api/v1/session',
    {
      onRequest: guard.fromOurPage,
      schema: { tags, summary: 'Sign out', response: { 204: z.null() } },
    },
    async (request, reply) => {
      await signIn.out(request.headers.cookie)
      return reply.code(204).header('set-cookie', cookies.session.clear()).send(null)
    },
  )
}
