// Pending devices over HTTP: what gateways speak for, until an administrator approves or dismisses it.
import { createAuditedCommit } from '@ronda/access/audit'
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { AppError } from '@ronda/contracts/errors'
import { Approval, PendingDevice } from '@ronda/contracts/pending-device'
import { DeviceId } from '@ronda/contracts/topics'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Registry } from '../registry.ts'
import { DeviceWithToken } from './device-routes.ts'
import { type Guard, askerOf } from './guard.ts'
import { readPage } from './pages.ts'

const pageSize = 500

export interface PendingRoutesDeps {
  backbone: Backbone
  registry: Registry
  guard: Guard
  /** ms UTC of stamped time. */
  now: () => number
}

const ById = z.object({ id: DeviceId })
const PendingPage = z.object({
  pendingDevices: z.array(PendingDevice),
  next: z.string().optional().describe('Cursor of the next page'),
})
const PendingQuery = z.object({
  gateway: DeviceId.optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})

export function pendingRoutes(app: HttpServer, { backbone, registry, guard, now }: PendingRoutesDeps): void {
  const bucket = backbone.bucket('pending-devices')
  const commit = createAuditedCommit(backbone, now)
  const tags = ['pending devices']
  const change = guard.needs('changeDevices')

  async function find(id: string): Promise<Row<PendingDevice>> {
    const row = await bucket.get(id)
    if (row === undefined) throw new AppError('not_found', `no device ${id} is pending`)
    return row
  }

  app.get(
    '/api/v1/pending-devices',
    {
      onRequest: guard.needs('read'),
      schema: {
        tags,
        summary: 'Devices that gateways speak for and nobody has registered, by id',
        querystring: PendingQuery,
        response: { 200: PendingPage },
      },
    },
    async ({ query: { gateway, cursor, limit } }) => {
      const page = { limit, ...(cursor === undefined ? {} : { after: cursor }) }
      const { values, next } = await readPage(bucket, page, (each) => (gateway ?? each.gateway) === each.gateway)
      return { pendingDevices: values, next }
    },
  )

  app.get(
    '/api/v1/pending-devices/:id',
    {
      onRequest: guard.needs('read'),
      schema: { tags, summary: 'A pending device', params: ById, response: { 200: PendingDevice } },
    },
    async (request) => (await find(request.params.id)).value,
  )

  app.post(
    '/api/v1/pending-devices/:id/approve',
    {
      onRequest: change,
      schema: {
        tags,
        summary: 'Register a pending device, assigned to its gateway',
        params: ById,
        body: Approval,
        response: { 201: DeviceWithToken },
      },
    },
    async (request, reply) => {
      const { id, kind, gateway } = (await find(request.params.id)).value
      try {
        const { device, token } = await registry.register({ gateway, ...request.body, id, kind }, askerOf(request))
        return await reply.code(201).send({ device, token })
      } catch (error) {
        // Then it has been approved already, whichever way.
        if (error instanceof AppError && error.code === 'device_exists') {
          await backbone.commit({ writes: [{ bucket: 'pending-devices', key: id, value: undefined }] })
        }
        throw error
      }
    },
  )

  app.delete(
    '/api/v1/pending-devices/:id',
    {
      onRequest: change,
      schema: {
        tags,
        summary: 'Dismiss a pending device; it is there again when its gateway speaks for it again',
        params: ById,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await find(id)
      await commit(
        { who: askerOf(request), did: 'dismissed a pending device', what: id },
        { writes: [{ bucket: 'pending-devices', key: id, value: undefined }] },
      )
      return reply.code(204).send(null)
    },
  )
}
