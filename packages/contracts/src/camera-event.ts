// CCTV metadata: that something of some class was seen to do something, somewhere in the picture. Never a
// face, a plate, a name or an image: there is no field to put one in.
import { z } from 'zod'
import { optionalShape, schemaOf } from './field-schemas.ts'
import { choice, gauge, label } from './fields.ts'
import { commonShape } from './telemetry.ts'

export const cameraEventFields = {
  rule: choice(['line-crossing', 'object-count', 'loitering', 'intrusion', 'motion', 'other']),
  objectClass: choice(['person', 'bicycle', 'car', 'motorcycle', 'bus', 'truck', 'animal', 'unknown']),
  count: gauge('', 0, 1_000_000),
  zone: label(32),
  direction: label(16),
  confidence: gauge('', 0, 1),
} as const

/** One validated object of a camera's `event` payload. */
export const CameraEvent = z.object({
  ...commonShape,
  ...optionalShape(cameraEventFields),
  rule: schemaOf(cameraEventFields.rule),
})
export type CameraEvent = z.infer<typeof CameraEvent>
