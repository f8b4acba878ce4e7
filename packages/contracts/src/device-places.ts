// Where all devices are, small enough for a page to have a whole city at once: a column each, in the order of `id`.
import { z } from 'zod'
import { DeviceId, DeviceKind } from './topics.ts'

const index = z.int().min(0)

export const DevicePlaces = z.object({
  /** Of the registry: the same one has the same devices in the same places. */
  revision: z.string(),
  /** What the numbers of `kind` and `district` mean. */
  kinds: z.array(DeviceKind),
  districts: z.array(z.string()),
  /** Those that are not retired, in ascending order. */
  id: z.array(DeviceId),
  name: z.array(z.string()),
  kind: z.array(index),
  district: z.array(index),
  /** Which of `id` feeds it; -1 for none that is known. */
  cabinet: z.array(z.int().min(-1)),
  /** Degrees × 100,000: about a metre. */
  latitudeE5: z.array(z.int()),
  longitudeE5: z.array(z.int()),
})
export type DevicePlaces = z.infer<typeof DevicePlaces>
