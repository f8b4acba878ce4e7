// How all cameras are, and what their metadata counted: the answer of `GET /api/v1/camera-wall`. There is no picture
// in it, and nothing about a person: only what telemetry.ts and camera-event.ts declare.
import { z } from 'zod'
import { cameraEventFields } from './camera-event.ts'
import { schemaOf } from './field-schemas.ts'
import { DeviceId } from './topics.ts'

const count = z.int().min(0)
const instant = z.int().describe('ms UTC of the log')

/** Of telemetry, what tells whether there is a picture and whether it is kept. */
export const cameraHealthFields = [
  'fps',
  'expectedFps',
  'bitrateKbps',
  'lastFrameAgeMs',
  'recording',
  'storageFreePct',
] as const

const Health = z.object({
  fps: z.number().optional(),
  expectedFps: z.number().optional(),
  bitrateKbps: z.number().optional(),
  lastFrameAgeMs: z.number().optional(),
  recording: z.boolean().optional(),
  storageFreePct: z.number().optional(),
})

const CameraState = z.object({
  id: DeviceId,
  name: z.string(),
  district: z.string(),
  enabled: z.boolean(),
  intervalS: z.number().describe('In which it should report'),
  seenAt: instant.nullable().describe('When it was heard last; null: never'),
  unheardSince: instant.optional().describe('Nobody can hear it since then'),
  health: Health.extend({ time: instant }).optional().describe('Its newest reading since `from`'),
  bitrateKbps: z.array(z.number().nullable()).describe('Mean of each bar; null where it reported none'),
  events: z.array(count).describe('Of each bar'),
  lastHour: z.object({
    rules: z.partialRecord(schemaOf(cameraEventFields.rule), count),
    classes: z.partialRecord(schemaOf(cameraEventFields.objectClass), count),
  }),
})
export type CameraState = z.infer<typeof CameraState>

export const CameraWall = z.object({
  at: instant,
  from: instant.describe('Where the first bar begins; the last one is under way'),
  everyMs: z.int().min(1).describe('Width of a bar'),
  cameras: z.array(CameraState).describe('By id, those that are not retired'),
})
export type CameraWall = z.infer<typeof CameraWall>

/** How far back the bars reach, and how wide each is. */
export const cameraWallSpan = { bars: 24, everyMs: 15 * 60_000 } as const
