// The audit trail: who did, or was refused, what. Appended to the stream `audit` by the service where it happened.
import { z } from 'zod'

export const AuditEntry = z.object({
  /** ms UTC of stamped time. */
  at: z.int(),
  /** `device:ID`, `service:ID`, `account:NAME`, `operator:NAME` of a plain link, `admin`; as it called itself when it was refused. */
  who: z.string(),
  /** In the past tense: `connected`, `was refused`, `replayed dead letters`. */
  did: z.string(),
  /** To what: a topic, a device, a cursor. */
  what: z.string(),
  /** Where it came from. */
  address: z.string().optional(),
  /** Of the error catalogue, when it was refused. */
  code: z.string().optional(),
  /** The same again since `at`, told as one entry. */
  times: z.int().optional(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
