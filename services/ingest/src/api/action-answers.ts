// What operators ask for over HTTP, made an action of the log, and the detector's verdict made an answer: done, or a
// problem document that says why not and who was first, or 202 while there is no verdict yet.
import { sha256Hex } from '@ronda/access/secrets'
import { type OperatorAction, Verdict, verdictCodes } from '@ronda/contracts/action'
import { errorCatalogue } from '@ronda/contracts/errors'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Actions } from '../actions.ts'
import { type GuardedRequest, principalOf, recordPrincipal } from './guard.ts'

/** Why it was not done: a problem document with the verdict's members beside its own. */
export const Refusal = Verdict.extend({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  code: z.enum(verdictCodes),
  detail: z.string(),
})
const Pending = z.object({ actionId: z.string(), pending: z.literal(true) })

/** Of every route that takes an action. */
export const actionResponses = { 200: Verdict, 202: Pending, 403: Refusal, 404: Refusal, 409: Refusal, 422: Refusal }
export const ActionHeaders = z.object({ 'idempotency-key': z.string().min(1).max(200).optional() })
export const idempotent =
  'With an Idempotency-Key the same request can be sent again without being done again; another request with the same key is another action.'

/** What is asked, without who asks. */
export type Wanted<A extends OperatorAction = OperatorAction> = A extends unknown
  ? Omit<A, 'actionId' | 'by' | 'role'>
  : never

/** Has an action decided, and answers. */
export async function answerAction(
  actions: Actions,
  request: GuardedRequest,
  reply: Pick<FastifyReply, 'code' | 'type'>,
  wanted: Wanted,
): Promise<z.infer<(typeof actionResponses)[200 | 202 | 404]>> {
  const principal = principalOf(request)
  const key = request.headers['idempotency-key'] ?? crypto.randomUUID()
  const asked = { ...wanted, by: principal.name }
  const actionId = sha256Hex(JSON.stringify([key, asked])).slice(0, 32)
  const verdict = await actions.perform({ ...asked, actionId, role: principal.role }, recordPrincipal(principal))
  if (verdict === undefined) {
    reply.code(202)
    return { actionId, pending: true }
  }
  const { code } = verdict
  if (code === undefined) return verdict
  const { status, title } = errorCatalogue[code]
  const detail = verdict.by === undefined ? title : `${title}: ${verdict.by} was first`
  reply.code(status).type('application/problem+json')
  return { ...verdict, type: 'about:blank', title, status, code, detail }
}
