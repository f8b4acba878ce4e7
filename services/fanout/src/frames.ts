// Messages as the bytes that go over the wire: built once, then written as they are to every socket that
// should have them.
import { type FaultFilter, matchesFilter } from '@ronda/contracts/fault'
import type { ServerMessage } from '@ronda/contracts/websocket'
import { Sender } from 'ws'
import type { CursorCodec } from './cursor.ts'
import type { DecodedEvent } from './fault-event.ts'

/** RFC 6455, 5.2: a whole text message in one frame; a server does not mask. */
const textFrame = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }

/** Opcode 9: ping. */
const pingFrame = { ...textFrame, opcode: 9 }

export const pingBytes: Buffer = Buffer.concat(Sender.frame(Buffer.alloc(0), pingFrame))

export function messageBytes(message: ServerMessage): Buffer {
  return textBytes(JSON.stringify(message))
}

export function textBytes(json: string): Buffer {
  return Buffer.concat(Sender.frame(Buffer.from(json), textFrame))
}

export interface Subscription {
  filter: FaultFilter
  /** Identifies the filter in cursors. */
  tag: string
}

/** The messages of those events that concern a subscription, as one buffer; undefined when none does. */
export function eventBytes(
  events: readonly DecodedEvent[],
  { filter, tag }: Subscription,
  cursors: CursorCodec,
): { bytes: Buffer; messages: number } | undefined {
  const parts: Buffer[] = []
  let messages = 0
  for (const { position, ordinal, source, name, attributes, before, faultJson } of events) {
    const matches = matchesFilter(filter, attributes)
    if (!matches && (before === undefined || !matchesFilter(filter, before))) continue
    const cursor = cursors.at({ position, ordinal, seen: source }, tag)
    const event = matches ? name : 'removed'
    const json = `{"type":"fault","cursor":"${cursor}","event":"${event}","fault":${faultJson}}`
    parts.push(...Sender.frame(Buffer.from(json), textFrame))
    messages++
  }
  return messages === 0 ? undefined : { bytes: Buffer.concat(parts), messages }
}
