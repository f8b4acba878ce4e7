// Maintenance windows over HTTP: the detector decides on them as on faults, and keeps them.
import type { Backbone } from '@ronda/backbone/backbone'
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import {
  MaintenanceChange,
  MaintenanceEnd,
  MaintenanceWindow,
  NewMaintenance,
  endOf,
} from '@ronda/contracts/maintenance'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Actions } from '../actions.ts'
import { ActionHeaders, actionResponses, answerAction, idempotent } from './action-answers.ts'
import type { Guard } from './guard.ts'
import { readPage } from './pages.ts'

const pageSize = 500

const MaintenanceQuery = z.object({
  state: z.enum(['planned', 'running', 'over']).optional(),
  target: z.string().optional().describe('Id of a device or cabinet, or a district'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})
const MaintenancePage = z.object({
  windows: z.array(MaintenanceWindow),
  next: z.string().optional().describe('Cursor of the next page'),
})
const ById = z.object({ id: z.string() })

export interface MaintenanceRoutesDeps {
  backbone: Backbone
  actions: Actions
  guard: Guard
  city: City
  /** ms UTC of stamped time. */
  now: () => number
}

export function maintenanceRoutes(
  app: HttpServer,
  { backbone, actions, guard, city, now }: MaintenanceRoutesDeps,
): void {
  const read = guard.needs('read')
  const plan = guard.needs('planMaintenance')
  const tags = ['maintenance']
  const bucket = backbone.bucket('maintenance')
  const districts = new Set(city.districts.features.map(({ properties }) => properties.slug))

  function stateOf(window: MaintenanceWindow): 'planned' | 'running' | 'over' {
    if (endOf(window) <= now()) return 'over'
    return window.from > now() ? 'planned' : 'running'
  }

  app.get(
    '/api/v1/maintenance',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'Maintenance windows, the newest plan first',
        querystring: MaintenanceQuery,
        response: { 200: MaintenancePage },
      },
    },
    async ({ query: { state, target, cursor, limit } }) => {
      const page = { limit, reverse: true, ...(cursor === undefined ? {} : { before: cursor }) }
      const { values, next } = await readPage(
        bucket,
        page,
        (window) =>
          (state === undefined || state === stateOf(window)) && (target === undefined || target === window.target.id),
      )
      return { windows: values, next }
    },
  )

  app.get(
    '/api/v1/maintenance/:id',
    {
      onRequest: read,
      schema: { tags, summary: 'A maintenance window', params: ById, response: { 200: MaintenanceWindow } },
    },
    async ({ params: { id } }) => {
      const row = await bucket.get(id)
      if (row === undefined) throw new AppError('not_found', `there is no maintenance window ${id}`)
      return row.value
    },
  )

  app.post(
    '/api/v1/maintenance',
    {
      onRequest: plan,
      schema: {
        tags,
        summary: 'Plan maintenance of a device, of a cabinet with everything behind it, or of a district',
        description: `Faults that are raised inside the window are recorded, and announced when it ends if they are still true; those that are open before it are not touched. ${idempotent}`,
        body: NewMaintenance,
        headers: ActionHeaders,
        response: actionResponses,
      },
    },
    async (request, reply) => {
      const { target } = request.body
      if (target.kind === 'district' && !districts.has(target.id)) {
        throw new AppError('maintenance_target_unknown', `${city.profile.name} has no district ${target.id}`)
      }
      return answerAction(actions, request, reply, { ...request.body, action: 'plan-maintenance' })
    },
  )

  app.patch(
    '/api/v1/maintenance/:id',
    {
      onRequest: plan,
      schema: {
        tags,
        summary: 'Change a maintenance window that is not over',
        description: idempotent,
        params: ById,
        body: MaintenanceChange,
        headers: ActionHeaders,
        response: actionResponses,
      },
    },
    async (request, reply) =>
      answerAction(actions, request, reply, {
        ...request.body,
        windowId: request.params.id,
        action: 'change-maintenance',
      }),
  )

  app.post(
    '/api/v1/maintenance/:id/end',
    {
      onRequest: plan,
      schema: {
        tags,
        summary: 'End a maintenance window now, or call it off before it begins',
        description: idempotent,
        params: ById,
        body: MaintenanceEnd,
        headers: ActionHeaders,
        response: actionResponses,
      },
    },
    async (request, reply) =>
      answerAction(actions, request, reply, {
        ...request.body,
        windowId: request.params.id,
        action: 'end-maintenance',
      }),
  )
}
