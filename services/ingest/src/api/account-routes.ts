// Accounts over HTTP, for administrators. Nobody is told a password: a new account, and one that was reset, come with
// a link by which its person chooses one.
import type { WebOrigin } from '@ronda/access/web-origin'
import type { Backbone } from '@ronda/backbone/backbone'
import { Account, AccountName, AccountPatch, AccountWithLink, NewAccount } from '@ronda/contracts/account'
import { AppError } from '@ronda/contracts/errors'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { AccountRegistry, AccountWithToken } from '../accounts/account-registry.ts'
import { type Guard, askerOf, principalOf } from './guard.ts'
import { readPage } from './pages.ts'
import { linkTo } from './sign-in-link.ts'

const pageSize = 500

export interface AccountRoutesDeps {
  backbone: Backbone
  registry: AccountRegistry
  guard: Guard
  origin: WebOrigin
}

const ByName = z.object({ name: AccountName })
const AccountPage = z.object({
  accounts: z.array(Account),
  next: z.string().optional().describe('Cursor of the next page'),
})
const AccountQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})

export function accountRoutes(app: HttpServer, { backbone, registry, guard, origin }: AccountRoutesDeps): void {
  const bucket = backbone.bucket('accounts')
  const tags = ['accounts']
  const onRequest = guard.needs('changeAccounts')

  function withLink({ account, link }: AccountWithToken): AccountWithLink {
    return { account, link: linkTo(origin, link) }
  }

  app.get(
    '/api/v1/accounts',
    {
      onRequest,
      schema: { tags, summary: 'Accounts by name', querystring: AccountQuery, response: { 200: AccountPage } },
    },
    async ({ query: { cursor, limit } }) => {
      const page = { limit, ...(cursor === undefined ? {} : { after: cursor }) }
      const { values, next } = await readPage(bucket, page, () => true)
      return { accounts: values.map(({ account }) => account), next }
    },
  )

  app.post(
    '/api/v1/accounts',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Make an account',
        description: 'The link, shown this once, lets its person in for a day, one time, to choose a password.',
        body: NewAccount,
        response: { 201: AccountWithLink },
      },
    },
    async (request, reply) => reply.code(201).send(withLink(await registry.create(request.body, askerOf(request)))),
  )

  app.get(
    '/api/v1/accounts/:name',
    { onRequest, schema: { tags, summary: 'An account', params: ByName, response: { 200: Account } } },
    async ({ params: { name } }) => {
      const row = await bucket.get(name)
      if (row === undefined) throw new AppError('not_found', `there is no account ${name}`)
      return row.value.account
    },
  )

  app.patch(
    '/api/v1/accounts/:name',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change, disable or enable an account',
        description: 'Another role, and disabling it, end its sessions within a second.',
        params: ByName,
        body: AccountPatch,
        response: { 200: Account },
      },
    },
    async (request) => registry.update(request.params.name, request.body, askerOf(request)),
  )

  app.delete(
    '/api/v1/accounts/:name',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Remove an account: its name may be used again',
        params: ByName,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await registry.remove(request.params.name, askerOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/v1/accounts/:name/reset',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Take the password of an account away, and give its person a link to choose another',
        params: ByName,
        response: { 200: AccountWithLink },
      },
    },
    async (request) => {
      const { name } = request.params
      const principal = principalOf(request)
      if (principal.by === 'cookie' && principal.account === name) {
        throw new AppError('conflict', 'this would end your own session: change your password instead')
      }
      return withLink(await registry.reset(name, askerOf(request)))
    },
  )
}
