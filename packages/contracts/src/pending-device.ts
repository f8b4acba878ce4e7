// Devices that a gateway has spoken for and nobody has registered: kept in the bucket `pending-devices` until
// somebody approves or dismisses them.
import { z } from 'zod'
import { NewDevice } from './device.ts'
import { DeviceId, DeviceKind } from './topics.ts'

export const PendingDevice = z.object({
  id: DeviceId,
  /** As the topic says. */
  kind: DeviceKind,
  /** Id of the gateway that published for it last. */
  gateway: DeviceId,
  /** ms UTC of stamped time. */
  firstSeenAt: z.int(),
  lastSeenAt: z.int(),
  messages: z.int().min(1),
})
export type PendingDevice = z.infer<typeof PendingDevice>

/** What an engineer states when approving one: all but its id and kind; its gateway is the one that was seen, unless stated. */
export const Approval = NewDevice.omit({ id: true, kind: true })
