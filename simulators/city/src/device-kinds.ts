// The kinds of device that the city has, each a file of ./kinds, in the order in which they find their place: cameras
// come last, they take what is left. What can be wrong with them is gathered in fault-kinds.ts.
import type { DeviceKind } from '@ronda/contracts/topics'
import { accessPoint } from './kinds/access-point.ts'
import { cabinet } from './kinds/cabinet.ts'
import { camera } from './kinds/camera.ts'
import { gateway } from './kinds/gateway.ts'
import type { SimulatedKind } from './kinds/kind.ts'
import { streetlight } from './kinds/streetlight.ts'

export const simulatedKinds: { readonly [K in DeviceKind]: SimulatedKind<K> } = {
  streetlight,
  cabinet,
  gateway,
  'access-point': accessPoint,
  camera,
}
