// A device's birth (`online: true`, published after connecting) and will (`online: false`, published by the
// broker when the connection breaks), retained on the `status` channel.
import { z } from 'zod'

export const DeviceStatus = z.object({ online: z.boolean() })
export type DeviceStatus = z.infer<typeof DeviceStatus>

/** The `status` bucket's row: the newest status of a device, from which the broker rebuilds retained messages. */
export interface StatusRow {
  online: boolean
  /** ms UTC, when the broker received it. */
  at: number
  topic: string
}
