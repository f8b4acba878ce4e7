// Service principals: systems of others that read along over MQTT. They subscribe to what they were granted and
// publish nothing. Kept in the bucket `service-principals`, changed over the API only. Their MQTT user name is
// `service:ID`, which no device id can be.
import { z } from 'zod'
import { Instant } from './time.ts'
import type { IssuedToken } from './token.ts'
import { CitySlug, DeviceId, DeviceKind, uplinkChannels } from './topics.ts'

export const servicePrefix = 'service:'

export const ServiceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/, 'a service id has 2 to 63 characters: lower-case letters, digits and hyphens')

/**
 * `{city}/v1/{kind}/{deviceId}/{channel}`, where kind and device may be `+`. The channel is spelt out, and is none
 * of those that speak to devices.
 */
export const GrantableFilter = z.string().refine(
  (filter) => {
    const [city, version, kind, device, channel, ...more] = filter.split('/')
    return (
      more.length === 0 &&
      CitySlug.safeParse(city).success &&
      version === 'v1' &&
      (kind === '+' || DeviceKind.safeParse(kind).success) &&
      (device === '+' || DeviceId.safeParse(device).success) &&
      uplinkChannels.some((each) => each === channel)
    )
  },
  {
    error: `a filter is CITY/v1/KIND/DEVICE/CHANNEL; KIND and DEVICE may be +, CHANNEL is ${uplinkChannels.join(', ')}`,
  },
)

export const NewServicePrincipal = z.strictObject({
  id: ServiceId,
  /** Who it is and what for. */
  description: z.string().trim().min(1).max(200),
  /** It may subscribe to these, and to what they cover. */
  filters: z.array(GrantableFilter).min(1).max(16),
  enabled: z.boolean().default(true),
  /** ms UTC by the system's clock, as for all tokens; absent: until it is taken away. */
  expiresAt: Instant.optional(),
})
export type NewServicePrincipal = z.infer<typeof NewServicePrincipal>

export const ServicePrincipal = NewServicePrincipal.extend({
  /** Grows by one with every change. */
  revision: z.int().min(1),
  /** ms UTC by the system's clock. */
  createdAt: z.int(),
})
export type ServicePrincipal = z.infer<typeof ServicePrincipal>

// Defaults belong to creation: in a PATCH an absent field means "unchanged".
export const ServicePrincipalPatch = z
  .strictObject({
    ...NewServicePrincipal.omit({ id: true }).partial().shape,
    enabled: z.boolean().optional(),
    expiresAt: Instant.nullable().optional().describe('ms UTC; null: it expires no more'),
    revision: z.int().min(1).optional(),
  })
  .describe('Fields to change; with `revision`, only if that is still the newest')
export type ServicePrincipalPatch = z.infer<typeof ServicePrincipalPatch>

/** A row of the bucket `service-principals`. */
export interface ServiceRow extends IssuedToken {
  service: ServicePrincipal
}
