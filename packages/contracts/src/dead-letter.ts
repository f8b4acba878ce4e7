// A message, or one object of it, that could not be stored, with the reason. Kept 7 days. Supervisors
// see the reasons, administrators what was kept. What the schema does not declare is not kept: of undeclared keys only the names. Of a declared key whose
// value the schema refuses, numbers, booleans and short texts are kept, but nothing of camera metadata; in place
// of any other value stands its type and length.
import { z } from 'zod'

/** Reasons; each is also a code of the error catalogue. */
export const deadLetterCodes = [
  'payload_too_large',
  'payload_not_json',
  'payload_shape',
  'too_many_objects',
  'field_invalid',
  'ts_implausible',
  'unknown_device',
  'device_retired',
  'kind_mismatch',
  'channel_undefined',
  'point_rejected',
  'undecodable',
] as const
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
  raw: z.object({ bytes: z.int(), sha256: z.string(), text: z.string().optional() }).optional(),
})
export type DeadLetter = z.infer<typeof DeadLetter>
