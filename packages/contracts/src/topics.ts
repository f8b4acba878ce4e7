// MQTT topics: `{city}/v1/{kind}/{deviceId}/{channel}`. The broker authorises by them, ingest routes by
// them, simulators publish on them. The district is not in the topic: the registry knows it.
import { z } from 'zod'
import { deviceKinds } from './device-kinds.ts'

export const DeviceKind = z.enum(deviceKinds)
export type DeviceKind = z.infer<typeof DeviceKind>

/** `telemetry` measurements, `event` camera metadata, `status` retained birth and will, `command` to the device. */
export const channels = ['telemetry', 'event', 'status', 'command'] as const
export type Channel = (typeof channels)[number]

/** The channels that a device publishes on. */
export const uplinkChannels = ['telemetry', 'event', 'status'] as const
export type UplinkChannel = (typeof uplinkChannels)[number]

export const DeviceId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,62}$/,
    'a device id has 2 to 63 characters: lower-case letters, digits and hyphens, the first not a hyphen',
  )

export const CitySlug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,31}$/, 'a city slug has 2 to 32 characters: lower-case letters, digits and hyphens')

export interface Topic {
  city: string
  kind: DeviceKind
  deviceId: string
  channel: Channel
}

const pattern = new RegExp(
  `^([a-z][a-z0-9-]{1,31})/v1/(${deviceKinds.join('|')})/([a-z0-9][a-z0-9-]{1,62})/(${channels.join('|')})$`,
)

export function formatTopic({ city, kind, deviceId, channel }: Topic): string {
  return `${city}/v1/${kind}/${deviceId}/${channel}`
}

/** The topic's parts, or undefined when it is none of ours. */
export function parseTopic(topic: string): Topic | undefined {
  const match = pattern.exec(topic)
  if (match === null) return undefined
  const [, city, kind, deviceId, channel] = match
  // The pattern admits members of the two lists only, and all four groups are mandatory.
  return { city: city as string, kind: kind as DeviceKind, deviceId: deviceId as string, channel: channel as Channel }
}
