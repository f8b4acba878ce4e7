// What operators ask for: actions on faults, and maintenance windows. Each is a record of the log, decided by the
// detector in the same order as the readings; its verdict is kept so that asking again (same Idempotency-Key) answers
// the same.
import { z } from 'zod'
import { Fault } from './fault.ts'
import { MaintenanceWindow, type MaintenanceChange, type NewMaintenance } from './maintenance.ts'
import type { Role } from './permissions.ts'

/** A fault is shelved so long at most, by role. */
export const maxShelvingMs = { operator: 24 * 3_600_000, supervisor: 7 * 24 * 3_600_000 } as const

const Text = z.string().trim().min(1).max(500)

const common = {
  /** Do it only if the fault still has this revision. */
  expectedRevision: z.int().min(1).optional(),
}

const noted = { ...common, note: Text.optional() }

/** Bodies of `POST /api/v1/faults/{id}/{action}`. */
export const faultActions = {
  acknowledge: z.strictObject(noted),
  /** Gives it to somebody in place of whoever had it, or takes it from them. */
  assign: z.strictObject({
    ...noted,
    assignee: z.string().trim().min(1).max(100).nullable().describe('null: nobody any more'),
  }),
  comment: z.strictObject({ ...common, note: Text }),
  /** Holds it back for a while: this code of this device, whatever becomes of this fault. */
  shelve: z
    .strictObject({
      ...common,
      reason: Text,
      until: z
        .int()
        .min(0)
        .optional()
        .describe('ms UTC, within the next 24 h, for supervisors within 7 days; or durationMin'),
      durationMin: z
        .int()
        .min(1)
        .max(maxShelvingMs.supervisor / 60_000)
        .optional()
        .describe('Minutes from now; or until'),
    })
    .refine(({ until, durationMin }) => (until === undefined) !== (durationMin === undefined), {
      error: 'say either until or durationMin',
    }),
  unshelve: z.strictObject(noted),
  /** One that is active still is suppressed until its condition has cleared once. */
  close: z.strictObject({ ...common, reason: Text }),
} as const
export type FaultActionName = keyof typeof faultActions
// The keys are those of the object above.
export const faultActionNames = Object.keys(faultActions) as FaultActionName[]
export type ActionBody<A extends FaultActionName = FaultActionName> = z.infer<(typeof faultActions)[A]>

interface Asked {
  /** Made of what was asked, by whom, and their Idempotency-Key: one action however often it is sent. */
  actionId: string
  by: string
  /** Of who asks. Absent in records from before there were supervisors: all may do then what they may. */
  role?: Role
}

export type FaultAction = {
  [A in FaultActionName]: Asked & { action: A; faultId: string } & ActionBody<A>
}[FaultActionName]

export type MaintenanceAction = Asked &
  (
    | ({ action: 'plan-maintenance' } & NewMaintenance)
    | ({ action: 'change-maintenance'; windowId: string } & MaintenanceChange)
    | { action: 'end-maintenance'; windowId: string; expectedRevision?: number | undefined; note?: string | undefined }
  )

/** Payload of an `action` record. */
export type OperatorAction = FaultAction | MaintenanceAction

export const verdictCodes = [
  'fault_not_found',
  'revision_conflict',
  'already_acknowledged',
  'already_closed',
  'not_shelved',
  'shelving_invalid',
  'supervisor_needed',
  'maintenance_not_found',
  'maintenance_target_unknown',
  'maintenance_invalid',
] as const

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
  /** The same of an action on a maintenance window. */
  window: MaintenanceWindow.optional(),
})
export type Verdict = z.infer<typeof Verdict>
