// The tables of history: one measurement per kind of reading, tagged with `device` and `district`, its fields
// named exactly as in the payload. Both store adapters create their columns from here.
import { cameraEventFields } from './camera-event.ts'
import { type Field, type Fields, counter, flag } from './fields.ts'
import { telemetryFields } from './telemetry.ts'
import type { DeviceKind } from './topics.ts'

import { z } from 'zod'

const text: Field = { schema: z.string(), type: 'string', unit: '', aggregate: 'last' }
const instant: Field = { ...counter('ms'), unit: 'ms UTC' }

/** Kept with every row, whatever the measurement. */
const provenance = {
  /** ms UTC, when the broker or the HTTP ingest received the message. */
  receivedAt: instant,
}

const reported = {
  ...provenance,
  sentAt: instant,
  seq: counter(''),
  /** true when the device's own time lay in the future and the receive time was used. */
  tsReplaced: flag(),
}

/** The codes that a device reports itself, sorted and joined by commas. */
const telemetry = { ...reported, faults: text }

export const measurements = {
  streetlight: { ...telemetry, ...telemetryFields.streetlight },
  cabinet: { ...telemetry, ...telemetryFields.cabinet },
  camera: { ...telemetry, ...telemetryFields.camera },
  camera_event: { ...reported, ...cameraEventFields },
  access_point: { ...telemetry, ...telemetryFields['access-point'] },
  gateway: { ...telemetry, ...telemetryFields.gateway },
  status: { ...provenance, online: flag(), will: flag() },
} as const satisfies Record<string, Fields>

export type Measurement = keyof typeof measurements
export const measurementNames = Object.keys(measurements) as readonly Measurement[]

const telemetryMeasurement = {
  streetlight: 'streetlight',
  cabinet: 'cabinet',
  camera: 'camera',
  'access-point': 'access_point',
  gateway: 'gateway',
} as const satisfies Record<DeviceKind, Measurement>

export function measurementOf(kind: DeviceKind): (typeof telemetryMeasurement)[DeviceKind] {
  return telemetryMeasurement[kind]
}
