// Which fields of which kind are drawn, those of one unit in one picture.
import { kinds } from '@ronda/contracts/device-kinds'
import type { DeviceKind } from '@ronda/contracts/topics'

/** What a field says of another one beside it: drawn dashed. */
export const aims: ReadonlySet<string> = new Set(['commandPct', 'expectedFps'])

export function chartsOf(kind: DeviceKind): readonly (readonly string[])[] {
  return kinds[kind].charts
}
