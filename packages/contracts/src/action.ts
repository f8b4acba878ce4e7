// What operators do to faults. An action is a record of the log, decided by the detector in the same order as
// the readings; its verdict is kept so that asking again (same Idempotency-Key) answers the same.
import { z } from 'zod'
import { Fault } from './fault.ts'

export const faultActions = ['acknowledge'] as const
export const FaultAction = z.enum(faultActions)
export type FaultAction = z.infer<typeof FaultAction>

/** Body of `POST /api/v1/faults/{id}/{action}`. */
export const ActionRequest = z.strictObject({
  /** Do it only if the fault still has this revision. */
  expectedRevision: z.int().min(1).optional(),
  note: z.string().trim().min(1).max(500).optional(),
})
export type ActionRequest = z.infer<typeof ActionRequest>

/** Payload of an `action` record. */
export interface OperatorAction extends ActionRequest {
  /** Made of what was asked, by whom, and their Idempotency-Key: one action however often it is sent. */
  actionId: string
  faultId: string
  action: FaultAction
  by: string
}

export const verdictCodes = ['fault_not_found', 'revision_conflict', 'already_acknowledged'] as const

/**
 * What became of an action: a row of the bucket `verdicts`, and the body of the HTTP answer; when it was not done,
 * the members of the problem document beside its own.
 */
export const Verdict = z.object({
  actionId: z.string(),
  /** ms UTC of the log. */
  at: z.int(),
  done: z.boolean(),
  /** Why not. */
  code: z.enum(verdictCodes).optional(),
  /** Who was first. */
  by: z.string().optional(),
  /** As it is after the decision; absent when there is no such fault. */
  fault: Fault.optional(),
})
export type Verdict = z.infer<typeof Verdict>
