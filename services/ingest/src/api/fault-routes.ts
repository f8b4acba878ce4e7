// Faults over HTTP: lists and trails from the buckets, and operators' actions, decided by the detector.
import type { Backbone, ListOptions, Row } from '@ronda/backbone/backbone'
import { ActionRequest, FaultAction, Verdict, verdictCodes } from '@ronda/contracts/action'
import { AppError, errorCatalogue } from '@ronda/contracts/errors'
import { Fault, type FaultFilter, type FaultRow, Severity, TrailEntry, matchesFilter } from '@ronda/contracts/fault'
import { DeviceKind } from '@ronda/contracts/topics'
import { sha256Hex } from '@ronda/access/secrets'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Actions } from '../actions.ts'
import { archiveBound, raisedAtOf } from '../fault-archive.ts'
import { type Guard, principalOf, recordPrincipal } from './guard.ts'
import { readPage, scan } from './pages.ts'

const pageSize = 500

const FaultQuery = z.object({
  state: z.enum(['open', 'closed']).default('open').describe('closed: the newest first'),
  active: z.stringbool().optional(),
  acknowledged: z.stringbool().optional(),
  severity: Severity.optional(),
  district: z.string().optional(),
  kind: DeviceKind.optional(),
  agency: z.string().optional(),
  device: z.string().optional(),
  from: z.coerce.number().int().optional().describe('ms UTC; raised (open) or closed (closed) at or after'),
  to: z.coerce.number().int().optional().describe('ms UTC; raised or closed before'),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(pageSize).default(pageSize),
})
type FaultQuery = z.output<typeof FaultQuery>

const FaultPage = z.object({ faults: z.array(Fault), next: z.string().optional().describe('Cursor of the next page') })
const FaultWithTrail = z.object({ fault: Fault, trail: z.array(TrailEntry) })
/** Why it was not done: a problem document with the verdict's members beside its own. */
const Refusal = Verdict.extend({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.enum(verdictCodes),
  detail: z.string(),
})
const Pending = z.object({ actionId: z.string(), pending: z.literal(true) })

export interface FaultRoutesDeps {
  backbone: Backbone
  actions: Actions
  guard: Guard
}

export function faultRoutes(app: HttpServer, { backbone, actions, guard }: FaultRoutesDeps): void {
  const onRequest = guard.needs('operator')
  const tags = ['faults']
  const open = backbone.bucket('faults')
  const archive = backbone.bucket('fault-archive')

  app.get(
    '/api/v1/faults',
    { onRequest, schema: { tags, summary: 'Faults', querystring: FaultQuery, response: { 200: FaultPage } } },
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
      onRequest,
      schema: {
        tags,
        summary: 'A fault with its whole trail',
        params: z.object({ id: z.string() }),
        response: { 200: FaultWithTrail },
      },
    },
    async ({ params: { id } }) => {
      const found = (await open.get(id)) ?? (await findClosed(id))
      if (found === undefined) throw new AppError('not_found', `there is no fault ${id}`)
      return found.value
    },
  )

  /** The archive is in the order of closing, and nothing is closed before it is raised. */
  async function findClosed(id: string): Promise<Row<FaultRow> | undefined> {
    const raisedAt = raisedAtOf(id)
    if (raisedAt === undefined) return undefined
    for await (const row of scan(archive, { after: archiveBound(raisedAt) })) if (row.value.fault.id === id) return row
    return undefined
  }

  app.post(
    '/api/v1/faults/:id/:action',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Do something about a fault',
        description:
          'With an Idempotency-Key the same request can be sent again without being done again; another request with the same key is another action.',
        params: z.object({ id: z.string(), action: FaultAction }),
        body: ActionRequest,
        headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
        response: { 200: Verdict, 202: Pending, 404: Refusal, 409: Refusal },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request)
      const { id: faultId, action } = request.params
      const key = request.headers['idempotency-key'] ?? crypto.randomUUID()
      const asked = { ...request.body, faultId, action, by: principal.name }
      const actionId = sha256Hex(JSON.stringify([key, asked])).slice(0, 32)
      const verdict = await actions.perform({ ...asked, actionId }, recordPrincipal(principal))
      if (verdict === undefined) return reply.code(202).send({ actionId, pending: true })
      const { code } = verdict
      if (code === undefined) return verdict
      const { status, title } = errorCatalogue[code]
      const detail = verdict.by === undefined ? title : `${title}: ${verdict.by} was first`
      return reply
        .code(status)
        .type('application/problem+json')
        .send({ ...verdict, type: 'about:blank', title, status, code, detail })
    },
  )
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

function filterOf({ district, kind, severity, agency }: FaultQuery): FaultFilter {
  const list = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])
  return { districts: list(district), kinds: list(kind), severities: list(severity), agencies: list(agency) }
}

function matchesQuery(query: FaultQuery, fault: Fault): boolean {
  const at = fault.closedAt ?? fault.raisedAt
  return (
    (query.device === undefined || query.device === fault.deviceId) &&
    (query.active === undefined || query.active === fault.active) &&
    (query.acknowledged === undefined || query.acknowledged === fault.acknowledged) &&
    (query.from === undefined || at >= query.from) &&
    (query.to === undefined || at < query.to)
  )
}
