// Service principals over HTTP: what systems of others may read along. For administrators only.
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import {
  NewServicePrincipal,
  ServiceId,
  ServicePrincipal,
  ServicePrincipalPatch,
} from '@ronda/contracts/service-principal'
import { TokenRotation } from '@ronda/contracts/token'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { ServiceRegistry } from '../service-registry.ts'
import { type Guard, askerOf } from './guard.ts'
import { readPage } from './pages.ts'

const pageSize = 500

export interface ServiceRoutesDeps {
  backbone: Backbone
  services: ServiceRegistry
  guard: Guard
}

const ById = z.object({ id: ServiceId })
const ServiceWithToken = z.object({ service: ServicePrincipal, token: z.string().describe('Shown this once') })
const ServicePage = z.object({
  services: z.array(ServicePrincipal),
  next: z.string().optional().describe('Cursor of the next page'),
})
const ServiceQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})

export function serviceRoutes(app: HttpServer, { backbone, services, guard }: ServiceRoutesDeps): void {
  const bucket = backbone.bucket('service-principals')
  const tags = ['service principals']
  const onRequest = guard.needs('changeServices')

  app.get(
    '/api/v1/service-principals',
    {
      onRequest,
      schema: { tags, summary: 'Service principals by id', querystring: ServiceQuery, response: { 200: ServicePage } },
    },
    async ({ query: { cursor, limit } }) => {
      const page = { limit, ...(cursor === undefined ? {} : { after: cursor }) }
      const { values, next } = await readPage(bucket, page, () => true)
      return { services: values.map(({ service }) => service), next }
    },
  )

  app.post(
    '/api/v1/service-principals',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Let a system subscribe to topics of this city',
        description: 'It signs in over MQTT as `service:ID` with the token, and publishes nothing.',
        body: NewServicePrincipal,
        response: { 201: ServiceWithToken },
      },
    },
    async (request, reply) => reply.code(201).send(await services.create(request.body, askerOf(request))),
  )

  app.get(
    '/api/v1/service-principals/:id',
    { onRequest, schema: { tags, summary: 'A service principal', params: ById, response: { 200: ServicePrincipal } } },
    async ({ params: { id } }) => {
      const row = await bucket.get(id)
      if (row === undefined) throw new AppError('not_found', `there is no service principal ${id}`)
      return row.value.service
    },
  )

  app.patch(
    '/api/v1/service-principals/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Change a service principal',
        params: ById,
        body: ServicePrincipalPatch,
        response: { 200: ServicePrincipal },
      },
    },
    async (request) => services.update(request.params.id, request.body, askerOf(request)),
  )

  app.delete(
    '/api/v1/service-principals/:id',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Remove a service principal: its id may be used again',
        params: ById,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await services.remove(request.params.id, askerOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/v1/service-principals/:id/token',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Give a service principal a new token; the old one ends now or after an overlap',
        params: ById,
        body: TokenRotation.nullish().describe('Without one the old token ends at once'),
        response: { 200: z.object({ id: ServiceId, token: z.string().describe('Shown this once') }) },
      },
    },
    async (request) => {
      const { id } = request.params
      const { token } = await services.issueToken(id, request.body?.overlapS ?? 0, askerOf(request))
      return { id, token }
    },
  )
}
