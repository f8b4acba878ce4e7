// Maintenance windows: times, planned ahead, in which faults of what is worked on are recorded but held back until the
// window ends. Operators plan them, the detector decides and is the only writer.
import { z } from 'zod'
import { Instant } from './time.ts'
import { DeviceId } from './topics.ts'

export const maxMaintenanceMs = 30 * 24 * 3_600_000

const Text = z.string().trim().min(1).max(500)
const Owner = z.string().trim().min(1).max(100)

/** A cabinet is meant with everything behind it. */
export const MaintenanceTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('device'), id: DeviceId }),
  z.strictObject({ kind: z.literal('cabinet'), id: DeviceId }),
  z.strictObject({ kind: z.literal('district'), id: z.string().min(1).max(64) }),
])
export type MaintenanceTarget = z.infer<typeof MaintenanceTarget>

/** Body of `POST /api/v1/maintenance`. */
export const NewMaintenance = z.strictObject({
  target: MaintenanceTarget,
  from: Instant.optional().describe('ms UTC, not in the past; absent: from now on'),
  to: Instant.describe('ms UTC, after from by at most 30 days'),
  reason: Text,
  owner: Owner.describe('Who answers for the work'),
})
export type NewMaintenance = z.infer<typeof NewMaintenance>

/** Body of `PATCH /api/v1/maintenance/{id}`: what is absent stays. */
export const MaintenanceChange = z.strictObject({
  expectedRevision: z.int().min(1).optional(),
  from: Instant.optional().describe('Only before it has begun'),
  to: Instant.optional(),
  reason: Text.optional(),
  owner: Owner.optional(),
})
export type MaintenanceChange = z.infer<typeof MaintenanceChange>

/** Body of `POST /api/v1/maintenance/{id}/end`. */
export const MaintenanceEnd = z.strictObject({
  expectedRevision: z.int().min(1).optional(),
  note: Text.optional(),
})

const plan = { from: Instant, to: Instant, reason: Text, owner: Owner }

/** One step of a window: who, when, and what it was from then on. */
export const MaintenanceStep = z.object({
  at: Instant,
  event: z.enum(['planned', 'changed', 'ended']),
  by: z.string(),
  note: z.string().optional(),
  ...plan,
})

/** A row of the bucket `maintenance`. */
export const MaintenanceWindow = z.object({
  id: z.string(),
  /** Grows by one with every step. */
  revision: z.int().min(1),
  target: MaintenanceTarget,
  ...plan,
  /** Ended before `to`; before `from`, it never began. */
  endedAt: Instant.optional(),
  /** The newest steps, 50 at most, oldest first. */
  history: z.array(MaintenanceStep),
})
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>

/** ms UTC when it is over. */
export function endOf({ to, endedAt }: MaintenanceWindow): number {
  return endedAt ?? to
}
