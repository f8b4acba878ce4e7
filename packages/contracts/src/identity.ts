// What makes two readings the same one: device, channel, ts and the hash of the declared fields. The store
// keeps a reading at `storeTime`, so equal readings collapse into one row and different ones of the same
// millisecond keep a row each. Changing anything here splits history: it would need a migration.
import { hash } from 'node:crypto'
import type { FieldValue } from './fields.ts'

/** Sub-millisecond part of a store time: 0 to 999,999 ns. */
const spread = 1_000_000

export interface Identified {
  seq?: number | undefined
  faults?: readonly string[] | undefined
  fields: Readonly<Record<string, FieldValue>>
}

/**
 * The canonical text of a reading's declared content: fields by name, then `seq` and the sorted `faults`.
 * `ts` is not in it (it is the other half of the identity), nor is `sentAt`: a reading that is sent again
 * from a device's buffer is still the same reading.
 */
export function canonicalText({ seq, faults, fields }: Identified): string {
  const names = Object.keys(fields).toSorted()
  let text = ''
  for (const name of names) {
    const value = fields[name]
    // Numbers are finite: their text is that of JSON, which would take twice as long.
    text += `${name}=${typeof value === 'string' ? JSON.stringify(value) : value};`
  }
  if (seq !== undefined) text += `seq=${seq};`
  if (faults !== undefined && faults.length > 0) text += `faults=${faults.toSorted().join()};`
  return text
}

/** 0 to 999,999: the first 48 bits of the text's SHA-256, modulo a million. */
export function subMillisecond(text: string): number {
  // Of so short a text the digest is sooner had as hexadecimal digits than as a Buffer.
  return Number.parseInt(hash('sha256', text).slice(0, 12), 16) % spread
}

/** Nanoseconds UTC at which the store keeps a reading measured at `tsMs` (ms UTC). */
export function storeTime(tsMs: number, sub: number): bigint {
  return BigInt(tsMs) * 1_000_000n + BigInt(sub)
}

/**
 * The text that takes the canonical one's place when a reading carries no `ts` of its own: every delivery is
 * then a reading of its own, and its place in the log makes a replay of the log find the same row again.
 */
export function deliveryText(epoch: string, position: number, index: number): string {
  return `delivery=${epoch}/${position}/${index};`
}
