// The device registry: what is installed where, behind what, and what it is expected to do. Kept in the
// `devices` bucket, changed over the API only; every change is also a `registry` record of the log.
import { z } from 'zod'
import { RuleOverrides } from './rule-override.ts'
import type { IssuedToken } from './token.ts'
import { Instant } from './time.ts'
import { DeviceId, DeviceKind } from './topics.ts'

export const Phase = z.enum(['L1', 'L2', 'L3'])
export type Phase = z.infer<typeof Phase>

/** `switched`: behind a contactor, so dead by day; `permanent`: always under voltage. */
export const Supply = z.enum(['permanent', 'switched'])

const shortText = z.string().trim().min(1).max(120)
const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and hyphens')

/** What an engineer states when registering a device. */
export const NewDevice = z.strictObject({
  id: DeviceId,
  kind: DeviceKind,
  name: shortText,
  /** Degrees, WGS 84. */
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  /** Slug of a district of the city's profile. */
  district: slug,
  street: shortText.optional(),
  /** Number on the pole. */
  pole: shortText.optional(),
  /** Slug of a place with one uplink and one power supply: a park, a school, an intersection. */
  site: slug.optional(),
  /** Id of the feeder cabinet, with its circuit and phase. */
  cabinet: DeviceId.optional(),
  circuit: shortText.optional(),
  phase: Phase.optional(),
  /** Of the device itself: a lamp behind a contactor is `switched`, its cabinet is not. */
  supply: Supply.default('permanent'),
  /** Id of the gateway that publishes for it. */
  gateway: DeviceId.optional(),
  /** Id of the responsible agency of the city's profile. */
  agency: slug.optional(),
  /** Expected reporting interval in seconds. */
  intervalS: z.number().min(1).max(86_400).default(60),
  nominalPowerW: z.number().positive().max(100_000).optional(),
  nominalVoltageV: z.number().positive().max(1_000).optional(),
  serial: shortText.optional(),
  /** ms UTC; readings from before are implausible. */
  installedAt: Instant.optional(),
  /** The stream that carries it: one zone unless a city outgrows it. */
  zone: slug.default('main'),
  tags: z.array(slug).max(16).optional(),
  /** A disabled device may not connect and raises no faults. */
  enabled: z.boolean().default(true),
  /** Rules of the fault catalogue as they are to be for this device; over those of the city. */
  rules: RuleOverrides.optional(),
})
export type NewDevice = z.infer<typeof NewDevice>

export const Device = NewDevice.extend({
  /** Never reused, even when the same id is registered again. */
  uid: z.string().regex(/^[a-z0-9]{10}$/),
  /** Grows by one with every change; a PATCH may ask for the one it knows. */
  revision: z.int().min(1),
  /** ms UTC when it was retired: its id stays blocked. */
  retiredAt: z.int().optional(),
})
export type Device = z.infer<typeof Device>

// Defaults belong to registration: in a PATCH an absent field means "unchanged".
export const DevicePatch = z
  .strictObject({
    ...NewDevice.omit({ id: true, kind: true }).partial().shape,
    supply: Supply.optional(),
    intervalS: z.number().min(1).max(86_400).optional(),
    zone: slug.optional(),
    enabled: z.boolean().optional(),
    street: NewDevice.shape.street.nullable(),
    pole: NewDevice.shape.pole.nullable(),
    site: NewDevice.shape.site.nullable(),
    cabinet: NewDevice.shape.cabinet.nullable(),
    circuit: NewDevice.shape.circuit.nullable(),
    phase: NewDevice.shape.phase.nullable(),
    gateway: NewDevice.shape.gateway.nullable(),
    agency: NewDevice.shape.agency.nullable(),
    nominalPowerW: NewDevice.shape.nominalPowerW.nullable(),
    nominalVoltageV: NewDevice.shape.nominalVoltageV.nullable(),
    serial: NewDevice.shape.serial.nullable(),
    installedAt: NewDevice.shape.installedAt.nullable(),
    tags: NewDevice.shape.tags.nullable(),
    rules: NewDevice.shape.rules.nullable(),
    revision: z.int().min(1).optional(),
  })
  .describe(
    'Fields to change; null takes an optional one away; with `revision`, only if that is still the newest revision',
  )
export type DevicePatch = z.infer<typeof DevicePatch>

/** A row of the `devices` bucket: the device and what is kept of its token. */
export interface DeviceRow extends IssuedToken {
  device: Device
}

/** CSV columns of import and export, in order. */
export const deviceColumns = Object.keys(NewDevice.shape) as readonly (keyof NewDevice)[]
