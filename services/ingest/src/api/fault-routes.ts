// Faults over HTTP: lists and trails from the buckets, and operators' actions, decided by the detector.
import type { Backbone, Row } from '@ronda/backbone/backbone'
import { ActionRequest, FaultAction, type OperatorAction, Verdict } from '@ronda/contracts/action'
import { AppError, errorCatalogue } from '@ronda/contracts/errors'
import { Fault, type FaultFilter, type FaultRow, Severity, TrailEntry, matchesFilter } from '@ronda/contracts/fault'
import { DeviceKind } from '@ronda/contracts/topics'
import { sha256Hex } from '@ronda/access/secrets'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import type { Actions } from '../actions.ts'
import { archiveBound } from '../fault-archive.ts'
import { type Guard, principalOf } from './guard.ts'

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
const Pending = z.object({ actionId: z.string(), pending: z.literal(true) })

export interface FaultRoutesDeps {
  backbone: Backbone
  actions: Actions
  guard: Guard
}

export function faultRoutes(app: HttpServer, { backbone, actions, guard }: FaultRoutesDeps): void {
  const preHandler = guard.needs('operator')
  const tags = ['faults']
  const open = backbone.bucket('faults')
  const archive = backbone.bucket('fault-archive')

  app.get(
    '/api/v1/faults',
    { preHandler, schema: { tags, summary: 'Faults', querystring: FaultQuery, response: { 200: FaultPage } } },
    async ({ query }) => {
      const rows = query.state === 'open' ? await listOpen(query) : await listClosed(query)
      const filter = filterOf(query)
      const faults: Fault[] = []
      let lastKey: string | undefined
      for (const { key, value } of rows) {
        if (!matchesFilter(filter, value.fault) || !matchesQuery(query, value.fault)) continue
        if (faults.length === query.limit) return { faults, next: lastKey }
        faults.push(value.fault)
        lastKey = key
      }
      return { faults }
    },
  )

  async function listOpen({ cursor }: FaultQuery): Promise<Row<FaultRow>[]> {
    return open.list(cursor === undefined ? {} : { after: cursor })
  }

  async function listClosed({ cursor, from, to }: FaultQuery): Promise<Row<FaultRow>[]> {
    const before = cursor ?? (to === undefined ? undefined : archiveBound(to))
    return archive.list({
      reverse: true,
      ...(before === undefined ? {} : { before }),
      ...(from === undefined ? {} : { after: archiveBound(from) }),
    })
  }

  app.get(
    '/api/v1/faults/:id',
    {
      preHandler,
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
    const raisedAt = Number.parseInt(id.slice(id.lastIndexOf('.') + 1), 36)
    if (Number.isNaN(raisedAt)) return undefined
    let after = archiveBound(raisedAt)
    for (;;) {
      const rows = await archive.list({ after, limit: 1_000 })
      const found = rows.find(({ value }) => value.fault.id === id)
      const last = rows.at(-1)
      if (found !== undefined || last === undefined) return found
      after = last.key
    }
  }

  app.post(
    '/api/v1/faults/:id/:action',
    {
      preHandler,
      schema: {
        tags,
        summary: 'Do something about a fault',
        description: 'With an Idempotency-Key the same request can be sent again without being done again.',
        params: z.object({ id: z.string(), action: FaultAction }),
        body: ActionRequest,
        headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
        response: { 200: Verdict, 202: Pending },
      },
    },
    async (request, reply) => {
      const by = principalOf(request).name
      const key = request.headers['idempotency-key'] ?? crypto.randomUUID()
      const action: OperatorAction = {
        ...request.body,
        actionId: sha256Hex(`${by}\n${key}`).slice(0, 32),
        faultId: request.params.id,
        action: request.params.action,
        by,
      }
      const verdict = await actions.perform(action)
      if (verdict === undefined) return reply.code(202).send({ actionId: action.actionId, pending: true })
      if (verdict.done) return verdict
      const code = verdict.code ?? 'conflict'
      const { status, title } = errorCatalogue[code]
      const detail = verdict.by === undefined ? title : `${title}: ${verdict.by} was first`
      return reply
        .code(status as 200)
        .type('application/problem+json')
        .serializer(JSON.stringify)
        .send({ type: 'about:blank', title, status, code, detail, ...verdict } as never)
    },
  )
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
