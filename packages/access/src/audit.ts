// The audit trail as its writers see it: who did what that others may ask about later, kept 400 days.
import { type Backbone, type Changes, appendNow } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'

type Entry = Omit<AuditEntry, 'at'>

/** Resolves when the entry is durable. */
export type Audit = (entry: Entry) => Promise<void>

/** An entry and the changes that it tells of, as one; throws what `Backbone.commit` does. */
export type AuditedCommit = (entry: Entry, changes: Changes) => Promise<void>

/** `now`: ms UTC of stamped time, here and below. */
export function createAudit(backbone: Backbone, now: () => number): Audit {
  const stream = backbone.stream('audit')
  return async (entry) => {
    await appendNow(stream, encodeEntry(entry, now()), { counted: true })
  }
}

export function createAuditedCommit(backbone: Backbone, now: () => number): AuditedCommit {
  return (entry, { appends = [], ...changes }) =>
    backbone.commit({ ...changes, appends: [...appends, { stream: 'audit', records: [encodeEntry(entry, now())] }] })
}

function encodeEntry(entry: Entry, at: number): Uint8Array {
  return encodeJson({ at, ...entry } satisfies AuditEntry)
}
