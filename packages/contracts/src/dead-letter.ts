// A message, or one object of it, that could not be stored, with the reason. Kept 7 days. Supervisors
// see the reasons, administrators what was kept. What the schema does not declare is not kept: of undeclared keys only the names. Of a declared key whose
// value the schema refuses, numbers, booleans and short texts are kept, but nothing of camera metadata; in place
// of any other value stands its type and length.
import { z } from 'zod'
import { deadLetterCodes } from './dead-letter-codes.ts'

export const DeadLetterCode = z.enum(deadLetterCodes)
export type DeadLetterCode = z.infer<typeof DeadLetterCode>

const Kept = z.record(z.string(), z.unknown())

export const DeadLetter = z.object({
  /** `position.n`: the message's place in the log and the object's number in it. */
  id: z.string(),
  /** The log's epoch. */
  epoch: z.string(),
  position: z.int(),
  /** The object's place in the payload's array, 0 for a single one. */
  n: z.int().min(0),
  /** ms UTC. */
  receivedAt: z.int(),
  code: DeadLetterCode,
  /** What is wrong and why, in words. */
  reason: z.string(),
  /** Where in the object: `powerW`, `faults.0`. */
  field: z.string().optional(),
  device: z.string().optional(),
  kind: z.string().optional(),
  topic: z.string(),
  principal: z.string(),
  source: z.string(),
  /** The object, declared keys only. */
  object: Kept.optional(),
  /** Of a message refused as a whole that is an array: its objects; null for what is none. */
  objects: z.array(Kept.nullable()).optional(),
  undeclaredKeys: z.array(z.string()).optional(),
  /** A message of which no object is kept: its length and hash; of what is no JSON the first 1 KiB, unless it is camera metadata. */
  raw: z
    .object({
      bytes: z.int(),
      sha256: z.string(),
      text: z.string().optional(),
      /** In place of the text where the message is none: the same first KiB, in hexadecimal. */
      hex: z.string().optional(),
    })
    .optional(),
})
export type DeadLetter = z.infer<typeof DeadLetter>

/** What became of a dead letter when it was sent again, the last time. */
export const Replay = z.object({
  /** ms UTC of stamped time, when the historian had it. */
  at: z.int(),
  /** As the audit trail names them. */
  by: z.string(),
  /** Of its objects: those that are in the store now, once each however often it is sent. */
  stored: z.int().min(0),
  /** Those that were refused again; the letter stays open while there are any. */
  refused: z.int().min(0),
  /** Why the first of them was. */
  code: DeadLetterCode.optional(),
  reason: z.string().optional(),
  field: z.string().optional(),
})
export type Replay = z.infer<typeof Replay>

/** A dead letter as the API lists it. */
export const ListedDeadLetter = DeadLetter.extend({
  /** Its place among the dead letters, as the API names it. */
  cursor: z.string(),
  /** Whether enough was kept of it to send it again, and that has not succeeded yet. */
  replayable: z.boolean(),
  replay: Replay.optional(),
})
export type ListedDeadLetter = z.infer<typeof ListedDeadLetter>

export const DeadLetterPage = z.object({
  deadLetters: z.array(ListedDeadLetter),
  next: z.string().optional().describe('Cursor to go on with; absent at the end'),
})
export type DeadLetterPage = z.infer<typeof DeadLetterPage>

/** How many there are by reason, without anything of what they said. */
export const DeadLetterSummary = z.object({
  counted: z.int().describe('The newest, 20,000 at most'),
  complete: z.boolean().describe('Whether these are all'),
  newest: z.string().optional().describe('Cursor of the newest'),
  reasons: z.array(
    z.object({
      code: DeadLetterCode,
      count: z.int(),
      stored: z.int().describe('Of which sending again has succeeded'),
      replayable: z.int().describe('Of which sending again may help: enough was kept, and it is not stored yet'),
      lastAt: z.int().describe('ms UTC, when the newest was received'),
    }),
  ),
})
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>

/** What came of sending dead letters again, as far as it is known when it is answered. */
export const ReplayResult = z.object({
  replayed: z.int().describe('Sent again as new messages'),
  skipped: z.int().describe('Of which too little was kept'),
  already: z.int().describe('In the store by an earlier replay, or on their way into it'),
  accepted: z.int().describe('Of those sent: stored'),
  refused: z.int().describe('Of those sent: refused again'),
  reasons: z.array(z.object({ code: DeadLetterCode, count: z.int() })).describe('Why they were refused again'),
  waiting: z.int().describe('Of those sent: in the log, while the store takes nothing'),
  next: z.string().optional().describe('Of a whole reason: where the next request begins; absent when all are done'),
})
export type ReplayResult = z.infer<typeof ReplayResult>
