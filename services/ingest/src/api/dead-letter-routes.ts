// Dead letters over HTTP: what could not be stored, why, and sending it again when the cause is mended. Supervisors see
// the reasons; what was kept of the messages is for administrators, and every look at it is audited.
import type { Audit } from '@ronda/access/audit'
import type { Backbone } from '@ronda/backbone/backbone'
import {
  DeadLetterCode,
  DeadLetterPage,
  DeadLetterSummary,
  ListedDeadLetter,
  ReplayResult,
} from '@ronda/contracts/dead-letter'
import { AppError } from '@ronda/contracts/errors'
import { may } from '@ronda/contracts/permissions'
import type { HttpServer } from '@ronda/runtime/http'
import { z } from 'zod'
import { type LetterAt, isReplayable, letterAt, readLetters, withoutContent } from '../dead-letters.ts'
import { summarise } from '../dead-letter-summary.ts'
import { type Replays, isStored } from '../replay.ts'
import { type Guard, type GuardedRequest, askerOf, principalOf } from './guard.ts'

const mostListed = 500
/** Of one request: it answers before whoever asked loses patience. */
const mostReplayed = 500

const Cursor = z.string().regex(/^\d{1,16}$/)

const ReplayRequest = z.union([
  z.strictObject({ cursors: z.array(Cursor).min(1).max(mostReplayed) }),
  z.strictObject({
    code: DeadLetterCode,
    from: Cursor.optional().describe('`next` of the answer before'),
    until: Cursor.optional().describe('The last to be sent, so that what comes meanwhile is not'),
  }),
])

export interface DeadLetterRoutesDeps {
  backbone: Backbone
  guard: Guard
  audit: Audit
  replays: Replays
}

export function deadLetterRoutes(app: HttpServer, { backbone, guard, audit, replays }: DeadLetterRoutesDeps): void {
  const tags = ['dead letters']
  const stream = backbone.stream('dead-letters')

  async function listed({ letter, position }: LetterAt, request: GuardedRequest): Promise<ListedDeadLetter> {
    const replay = await replays.outcomeOf(letter.id)
    const replayable = isReplayable(letter) && !isStored(replay)
    const { role } = principalOf(request)
    const shown = may(role, 'readDeadLetterContent') ? letter : withoutContent(letter)
    return { ...shown, cursor: String(position), replayable, ...(replay === undefined ? {} : { replay }) }
  }

  async function find(cursor: string): Promise<LetterAt> {
    const found = await letterAt(stream, Number(cursor))
    if (found === undefined) {
      throw new AppError('not_found', `there is no dead letter at ${cursor}: they are kept for 7 days`)
    }
    return found
  }

  app.get(
    '/api/v1/dead-letters',
    {
      onRequest: guard.needs('readDeadLetters'),
      schema: {
        tags,
        summary: 'What could not be stored, oldest or newest first',
        description: 'What was kept of the messages themselves is for administrators.',
        querystring: z.object({
          order: z.enum(['oldest', 'newest']).default('oldest'),
          cursor: z.coerce.number().int().min(0).optional().describe('`next` of the page before'),
          limit: z.coerce.number().int().min(1).max(mostListed).default(100),
          code: DeadLetterCode.optional(),
          device: z.string().max(64).optional(),
        }),
        response: { 200: DeadLetterPage },
      },
    },
    async (request) => {
      const { order, cursor, limit, code, device } = request.query
      const of = [code, device].filter((each) => each !== undefined).join(', ')
      const what = `${order} from ${cursor ?? 'the end'}${of === '' ? '' : `: ${of}`}`
      await audit({ who: askerOf(request), did: 'read dead letters', what })
      const { letters, next } = await readLetters(stream, { order, from: cursor, limit, code, device })
      const deadLetters = await Promise.all(letters.map((each) => listed(each, request)))
      return { deadLetters, ...(next === undefined ? {} : { next: String(next) }) }
    },
  )

  app.get(
    '/api/v1/dead-letters/summary',
    {
      onRequest: guard.needs('readDeadLetters'),
      schema: { tags, summary: 'How many there are by reason', response: { 200: DeadLetterSummary } },
    },
    async () => summarise(stream, await replays.outcomes()),
  )

  app.get(
    '/api/v1/dead-letters/:cursor',
    {
      onRequest: guard.needs('readDeadLetters'),
      schema: {
        tags,
        summary: 'One dead letter',
        params: z.object({ cursor: Cursor }),
        response: { 200: ListedDeadLetter },
      },
    },
    async (request) => {
      const { cursor } = request.params
      const found = await find(cursor)
      await audit({ who: askerOf(request), did: 'read dead letters', what: `the one at ${cursor}` })
      return listed(found, request)
    },
  )

  app.post(
    '/api/v1/dead-letters/replay',
    {
      onRequest: guard.needs('readDeadLetterContent'),
      schema: {
        tags,
        summary: 'Send dead letters again, as new messages',
        description:
          'By their cursors, or all of a reason, 500 at a time: ask again with `from` while there is a `next`. They go ' +
          'in the order in which they came, and stand in history where they stood. Whatever is repeated, nothing is stored twice.',
        body: ReplayRequest,
        response: { 200: ReplayResult },
      },
    },
    async (request) => {
      const { body } = request
      const who = askerOf(request)
      const did = 'replayed dead letters'
      if ('cursors' in body) {
        const letters = await Promise.all(Array.from(new Set(body.cursors), find))
        await audit({ who, did, what: body.cursors.join() })
        return replays.send(letters, who)
      }
      const { code, from, until } = body
      const { letters, next } = await readLetters(stream, {
        order: 'oldest',
        from: from === undefined ? undefined : Number(from),
        limit: mostReplayed,
        code,
      })
      const last = until === undefined ? Infinity : Number(until)
      const wanted = letters.filter(({ position }) => position <= last)
      const span = [wanted[0], wanted.at(-1)].map((each) => each?.position ?? 'none').join(' to ')
      await audit({ who, did, what: `${code}: ${wanted.length}, ${span}` })
      const isDone = next === undefined || next >= last
      return { ...(await replays.send(wanted, who)), ...(isDone ? {} : { next: String(next) }) }
    },
  )
}
