// The audit trail over HTTP. Reading it is an entry of its own.
import type { Audit } from '@ronda/access/audit'
import type { Backbone } from '@ronda/backbone/backbone'
import { decodeJson } from '@ronda/backbone/record-codec'
import { AuditEntry } from '@ronda/contracts/audit'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { type Guard, askerOf } from './guard.ts'

/** Of a page of one, the entry of reading it would be the next, without end. */
const leastLimit = 10
const mostLimit = 500
/** Bytes at which a page ends. */
const pageBytes = 4e6

const AuditPage = z.object({
  entries: z.array(AuditEntry.extend({ cursor: z.string() })),
  next: z.string().optional().describe('Cursor of the next page'),
})

export interface AuditRoutesDeps {
  backbone: Backbone
  guard: Guard
  audit: Audit
}

export function auditRoutes(app: HttpServer, { backbone, guard, audit }: AuditRoutesDeps): void {
  const stream = backbone.stream('audit')

  app.get(
    '/api/v1/audit',
    {
      onRequest: guard.needs('readAudit'),
      schema: {
        tags: ['operation'],
        summary: 'Who did what: the newest entries, or those after a cursor; oldest first',
        querystring: z.object({
          cursor: z.coerce.number().int().min(0).optional().describe('0: from the oldest that is kept'),
          limit: z.coerce.number().int().min(leastLimit).max(mostLimit).default(100),
        }),
        response: { 200: AuditPage },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const entries =
        cursor === undefined
          ? await stream.readLast(limit)
          : await stream.read(cursor, { records: limit, bytes: pageBytes })
      const last = entries.at(-1)
      const isEnd = last === undefined || last.position >= (await stream.head()).position
      await audit({
        who: askerOf(request),
        did: 'read the audit trail',
        what: cursor === undefined ? 'its end' : `after ${cursor}`,
      })
      return {
        // Only AuditEntry is ever appended.
        entries: entries.map(({ record, position }) => ({
          ...(decodeJson(record) as AuditEntry),
          cursor: String(position),
        })),
        ...(isEnd ? {} : { next: String(last.position) }),
      }
    },
  )
}
