// Faults over HTTP: lists and trails from the buckets, and operators' actions, decided by the detector.
import type { Backbone, ListOptions, Row } from '@ronda/backbone/backbone'
import { type FaultAction, type FaultActionName, faultActionNames, faultActions } from '@ronda/contracts/action'
import type { City } from '@ronda/contracts/city'
import { AppError } from '@ronda/contracts/errors'
import { Fault, type FaultRow, FaultStory, matchesFilter } from '@ronda/contracts/fault'
import { withPeriods } from '@ronda/faults/periods'
import { measuresOf } from '@ronda/faults/rules/measures'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Actions } from '../actions.ts'
import { archiveBound, raisedAtOf } from '../fault-archive.ts'
import { ActionHeaders, type Wanted, actionResponses, answerAction, idempotent } from './action-answers.ts'
import { FilterQuery, filterOf } from './filter-query.ts'
import type { Guard } from './guard.ts'
import { readPage, scan } from './pages.ts'

const pageSize = 500

const FaultQuery = FilterQuery.extend({
  state: z.enum(['open', 'closed']).default('open').describe('closed: the newest first'),
  active: z.stringbool().optional(),
  acknowledged: z.stringbool().optional(),
  shelved: z.stringbool().optional().describe('Held back, by an operator or by a maintenance window'),
  overdue: z.stringbool().optional(),
  device: z.string().optional(),
  from: z.coerce.number().int().optional().describe('ms UTC; raised (open) or closed (closed) at or after'),
  to: z.coerce.number().int().optional().describe('ms UTC; raised or closed before'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})
type FaultQuery = z.output<typeof FaultQuery>

const FaultPage = z.object({ faults: z.array(Fault), next: z.string().optional().describe('Cursor of the next page') })

const summaries: Record<FaultActionName, string> = {
  acknowledge: 'Take a fault on; when it is cleared already, that closes it',
  assign: 'Give a fault to somebody, or take it from them',
  comment: 'Add a comment to a fault’s trail',
  shelve:
    'Hold a fault back for 24 h at most, supervisors for 7 days: this code of this device, also when it is raised anew meanwhile',
  unshelve: 'Take a fault off its shelf: when it is active, it is announced again',
  close:
    'Close a fault; one that is active still, which only supervisors do, is suppressed until its condition has cleared once',
}

export interface FaultRoutesDeps {
  backbone: Backbone
  actions: Actions
  guard: Guard
  city: City
}

export function faultRoutes(app: HttpServer, { backbone, actions, guard, city }: FaultRoutesDeps): void {
  const read = guard.needs('read')
  const handle = guard.needs('handleFaults')
  const tags = ['faults']
  const open = backbone.bucket('faults')
  const archive = backbone.bucket('fault-archive')
  const devices = backbone.bucket('devices')
  const rulebook = createRulebook(city.profile.rules)

  app.get(
    '/api/v1/faults',
    { onRequest: read, schema: { tags, summary: 'Faults', querystring: FaultQuery, response: { 200: FaultPage } } },
    async ({ query }) => {
      const { state, limit } = query
      const filter = filterOf(query)
      const { values, next } = await readPage(
        state === 'open' ? open : archive,
        { ...(state === 'open' ? openRange(query) : closedRange(query)), limit },
        ({ fault }) => matchesFilter(filter, fault) && matchesQuery(query, fault),
      )
      return { faults: values.map(({ fault }) => fault), next }
    },
  )

  app.get(
    '/api/v1/faults/:id',
    {
      onRequest: read,
      schema: {
        tags,
        summary: 'A fault with its whole trail, its newest periods, and the readings that speak for it',
        params: z.object({ id: z.string() }),
        response: { 200: FaultStory },
      },
    },
    async ({ params: { id } }) => {
      const found = (await open.get(id)) ?? (await findClosed(id))
      if (found === undefined) throw new AppError('not_found', `there is no fault ${id}`)
      const { fault } = found.value
      const rules = (await devices.get(fault.deviceId))?.value.device.rules
      const rule = rulebook.of({ kind: fault.kind, ...(rules === undefined ? {} : { rules }) }).of(fault.code)
      return { ...withPeriods(found.value), measures: measuresOf(rule, fault) }
    },
  )

  /** The archive is in the order of closing, and nothing is closed before it is raised. */
  async function findClosed(id: string): Promise<Row<FaultRow> | undefined> {
    const raisedAt = raisedAtOf(id)
    if (raisedAt === undefined) return undefined
    for await (const row of scan(archive, { after: archiveBound(raisedAt) })) if (row.value.fault.id === id) return row
    return undefined
  }

  // Each action has a body of its own, and so a route.
  for (const name of faultActionNames) {
    app.post(
      `/api/v1/faults/:id/${name}`,
      {
        onRequest: handle,
        schema: {
          tags,
          summary: summaries[name],
          description: idempotent,
          params: z.object({ id: z.string() }),
          body: faultActions[name],
          headers: ActionHeaders,
          response: actionResponses,
        },
      },
      async (request, reply) => {
        const { id: faultId } = request.params
        // The body was parsed by the schema of this action.
        const wanted = { ...request.body, faultId, action: name } as Wanted<FaultAction>
        return answerAction(actions, request, reply, wanted)
      },
    )
  }
}

function openRange({ cursor }: FaultQuery): ListOptions {
  return cursor === undefined ? {} : { after: cursor }
}

/** The newest first. */
function closedRange({ cursor, from, to }: FaultQuery): ListOptions {
  const before = cursor ?? (to === undefined ? undefined : archiveBound(to))
  return {
    reverse: true,
    ...(before === undefined ? {} : { before }),
    ...(from === undefined ? {} : { after: archiveBound(from) }),
  }
}

function matchesQuery(query: FaultQuery, fault: Fault): boolean {
  const at = fault.closedAt ?? fault.raisedAt
  return (
    (query.device === undefined || query.device === fault.deviceId) &&
    (query.active === undefined || query.active === fault.active) &&
    (query.acknowledged === undefined || query.acknowledged === fault.acknowledged) &&
    (query.shelved === undefined || query.shelved === (fault.shelvedUntil !== undefined)) &&
    (query.overdue === undefined || query.overdue === fault.overdue) &&
    (query.from === undefined || at >= query.from) &&
    (query.to === undefined || at < query.to)
  )
}
