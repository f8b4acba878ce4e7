// The audit trail as its writers see it: who did what that others may ask about later, kept 400 days.
import { type Backbone, appendNow } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'

/** Resolves when the entry is durable. */
export type Audit = (entry: Omit<AuditEntry, 'at'>) => Promise<void>

export function createAudit(backbone: Backbone, now: () => number): Audit {
  const stream = backbone.stream('audit')
  return async (entry) => {
    await appendNow(stream, encodeAudit({ at: now(), ...entry }), { counted: true })
  }
}

/** For who commits an entry together with what it tells of. */
export function encodeAudit(entry: AuditEntry): Uint8Array {
  return encodeJson(entry)
}
