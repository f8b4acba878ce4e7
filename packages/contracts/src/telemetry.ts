// What devices measure, per kind. One object of a telemetry payload is validated by `telemetrySchemas[kind]`;
// undeclared keys are dropped, a wrong type or an impossible range refuses the object. Names carry their unit
// and are the same on the wire, in the store, in the API and in the page.
import { z } from 'zod'
import { counter, flag, gauge, optionalShape } from './fields.ts'
import { Instant } from './time.ts'
import type { DeviceKind } from './topics.ts'

const electrical = {
  powerW: gauge('W', -1_000_000, 1_000_000),
  powerFactor: gauge('', -1, 1),
  energyWh: counter('Wh'),
}
const temperatureC = gauge('°C', -80, 200)
const uplink = {
  uplinkRttMs: gauge('ms', 0, 600_000),
  uplinkLossPct: gauge('%', 0, 100),
  uptimeS: counter('s'),
}

export const telemetryFields = {
  streetlight: {
    dimPct: gauge('%', 0, 100),
    commandPct: gauge('%', 0, 100),
    ...electrical,
    voltageV: gauge('V', 0, 1_000),
    currentA: gauge('A', 0, 1_000),
    frequencyHz: gauge('Hz', 0, 100),
    illuminanceLux: gauge('lx', 0, 200_000),
    temperatureC,
    operatingHours: counter('h'),
    switchCount: counter(''),
    tiltDeg: gauge('°', -180, 180),
    override: flag(),
  },
  cabinet: {
    voltageL1V: gauge('V', 0, 1_000),
    voltageL2V: gauge('V', 0, 1_000),
    voltageL3V: gauge('V', 0, 1_000),
    currentL1A: gauge('A', 0, 10_000),
    currentL2A: gauge('A', 0, 10_000),
    currentL3A: gauge('A', 0, 10_000),
    ...electrical,
    doorOpen: flag(),
    contactorClosed: flag(),
    temperatureC,
  },
  camera: {
    online: flag(),
    fps: gauge('1/s', 0, 1_000),
    expectedFps: gauge('1/s', 0, 1_000),
    bitrateKbps: gauge('kbit/s', 0, 10_000_000),
    lastFrameAgeMs: gauge('ms', 0, Number.MAX_SAFE_INTEGER),
    recording: flag(),
    storageFreePct: gauge('%', 0, 100),
    temperatureC,
    uptimeS: counter('s'),
    blurry: flag(),
    tooDark: flag(),
    tooBright: flag(),
    sceneChange: flag(),
    signalLoss: flag(),
    storageFailed: flag(),
  },
  'access-point': {
    clients: gauge('', 0, 100_000),
    channelUtilisationPct: gauge('%', 0, 100),
    retryPct: gauge('%', 0, 100),
    txBytes: counter('B'),
    rxBytes: counter('B'),
    noiseDbm: gauge('dBm', -200, 50),
    ...uplink,
    cpuPct: gauge('%', 0, 100),
    memoryPct: gauge('%', 0, 100),
    radiosUp: gauge('', 0, 64),
    radiosEnabled: gauge('', 0, 64),
  },
  gateway: {
    ...uplink,
    devicesSeen: gauge('', 0, 1_000_000),
  },
} as const satisfies Record<DeviceKind, Record<string, ReturnType<typeof gauge | typeof flag>>>

/** ms UTC as an integer, or ISO 8601 with a zone; becomes ms UTC. */
export const Timestamp = z.union([
  Instant,
  z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .pipe(Instant),
])

/** A fault code as devices report it: one of the catalogue or the vendor's own. */
export const ReportedFault = z.string().regex(/^[\w.:-]{1,64}$/, 'a fault code has 1 to 64 letters, digits, _ . : or -')

/** What every object may carry beside its measurements. */
export const commonShape = {
  /** When the values were measured; absent: when they were received. */
  ts: Timestamp.optional(),
  /** The device's clock when it sent the message. */
  sentAt: Timestamp.optional(),
  /** The device's own number of this reading. */
  seq: z.int().min(0).optional(),
}

const telemetryShape = { ...commonShape, faults: z.array(ReportedFault).max(32).optional() }

export const telemetrySchemas = {
  streetlight: z.object({ ...telemetryShape, ...optionalShape(telemetryFields.streetlight) }),
  cabinet: z.object({ ...telemetryShape, ...optionalShape(telemetryFields.cabinet) }),
  camera: z.object({ ...telemetryShape, ...optionalShape(telemetryFields.camera) }),
  'access-point': z.object({ ...telemetryShape, ...optionalShape(telemetryFields['access-point']) }),
  gateway: z.object({ ...telemetryShape, ...optionalShape(telemetryFields.gateway) }),
} as const

/** One validated object of a telemetry payload of kind K; times are ms UTC. */
export type Telemetry<K extends DeviceKind = DeviceKind> = z.infer<(typeof telemetrySchemas)[K]>

/** The most objects of one payload: a backlog after an outage, oldest first. */
export const maxObjectsPerPayload = 500
export const maxPayloadBytes = 256 * 1024
