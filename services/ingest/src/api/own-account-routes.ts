// One's own account over HTTP: for whoever has a session, whatever their role.
import { Account, NewOwnAccount, PasswordChange } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import { OwnSession } from '@ronda/contracts/session'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Accounts } from '../accounts/accounts.ts'
import type { Person } from '../accounts/own-account.ts'
import { visitorOf } from '../accounts/visitor.ts'
import { type Guard, type GuardedRequest, principalOf } from './guard.ts'

/** Passwords and little else. */
const bodyLimit = 4 * 1024

export interface OwnAccountRoutesDeps {
  accounts: Pick<Accounts, 'own' | 'cookies'>
  guard: Guard
}

export function ownAccountRoutes(app: HttpServer, { accounts, guard }: OwnAccountRoutesDeps): void {
  const { own, cookies } = accounts
  const tags = ['own account']
  const onRequest = guard.needs('keepOwnAccount')

  app.post(
    '/api/v1/account',
    {
      onRequest: guard.needs('changeAccounts'),
      bodyLimit,
      schema: {
        tags,
        summary: 'Make an account for oneself, as an administrator who came in with a link',
        body: NewOwnAccount,
        response: { 201: Account },
      },
    },
    async (request, reply) => reply.code(201).send(await own.create(personOf(request), request.body)),
  )

  app.put(
    '/api/v1/account/password',
    {
      onRequest,
      bodyLimit,
      schema: {
        tags,
        summary: 'Change one’s own password; all other sessions of the account end',
        body: PasswordChange,
        response: { 200: Account },
      },
    },
    async (request) => own.changePassword(personOf(request), request.body, visitorOf(request, cookies.browser)),
  )

  app.get(
    '/api/v1/account/sessions',
    {
      onRequest,
      schema: {
        tags,
        summary: 'One’s own sessions, the last used first',
        response: { 200: z.object({ sessions: z.array(OwnSession) }) },
      },
    },
    async (request) => ({ sessions: await own.sessions(personOf(request)) }),
  )

  app.delete(
    '/api/v1/account/sessions',
    { onRequest, schema: { tags, summary: 'End one’s other sessions', response: { 204: z.null() } } },
    async (request, reply) => {
      await own.endOtherSessions(personOf(request))
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/v1/account/sessions/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'End one of one’s own sessions',
        params: z.object({ id: OwnSession.shape.id }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await own.endSession(personOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function personOf(request: GuardedRequest): Person {
  const principal = principalOf(request)
  if (principal.by !== 'cookie') throw new AppError('no_account', 'a token belongs to no account: sign in on the page')
  return principal
}
