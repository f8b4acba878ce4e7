// The tables of history: one measurement per kind of reading, tagged with `device` and `district`, its fields
// named exactly as in the payload. Both store adapters create their columns from here.
import { cameraEventFields } from './camera-event.ts'
import { type FieldsOf, deviceKinds, kinds } from './device-kinds.ts'
import { type Field, type Fields, counter, flag } from './fields.ts'
import type { DeviceKind } from './topics.ts'

const text: Field = { type: 'string', unit: '', aggregate: 'last' }
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

type TelemetryMeasurements = {
  readonly [K in DeviceKind as (typeof kinds)[K]['measurement']]: typeof telemetry & FieldsOf<K>
}

// Object.fromEntries forgets the keys, which are the measurements of the kinds.
const telemetryMeasurements = Object.fromEntries(
  deviceKinds.map((kind) => [kinds[kind].measurement, { ...telemetry, ...kinds[kind].fields }]),
) as TelemetryMeasurements

export const measurements = {
  ...telemetryMeasurements,
  camera_event: { ...reported, ...cameraEventFields },
  /** `connectedAt`: when the connection was made that it came through, to tell one from the next and from a repetition. */
  status: { ...provenance, online: flag(), will: flag(), connectedAt: instant },
} as const satisfies Record<string, Fields>

export type Measurement = keyof typeof measurements
export const measurementNames = Object.keys(measurements) as readonly Measurement[]

export function measurementOf(kind: DeviceKind): keyof TelemetryMeasurements {
  return kinds[kind].measurement
}
