// Who did what that others may ask about later: an append-only trail, kept 400 days.
import { type Backbone, appendNow } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'

export interface AuditEntry {
  who: string
  did: string
  what: string
}

/** Resolves when the entry is durable. */
export type Audit = (entry: AuditEntry) => Promise<void>

export function createAudit(backbone: Backbone, now: () => number): Audit {
  const stream = backbone.stream('audit')
  return async (entry) => {
    await appendNow(stream, encodeJson({ at: now(), ...entry }), { counted: true })
  }
}
