// The kinds of device, each a file of ./kinds; all else that is known of a kind is derived from here. Their order is
// that of the page.
import { accessPoint } from './kinds/access-point.ts'
import { cabinet } from './kinds/cabinet.ts'
import { camera } from './kinds/camera.ts'
import { gateway } from './kinds/gateway.ts'
import { streetlight } from './kinds/streetlight.ts'

export const kinds = { streetlight, cabinet, camera, 'access-point': accessPoint, gateway }

type DeviceKind = keyof typeof kinds

// The keys of an object that is written out above.
export const deviceKinds = Object.keys(kinds) as readonly DeviceKind[]

/** What a device of kind K measures. */
export type FieldsOf<K extends DeviceKind> = (typeof kinds)[K]['fields']

/** One value for each kind. */
export function ofEachKind<T>(read: (kind: DeviceKind) => T): Record<DeviceKind, T> {
  // Object.fromEntries forgets the keys, which are all kinds.
  return Object.fromEntries(deviceKinds.map((kind) => [kind, read(kind)])) as Record<DeviceKind, T>
}
