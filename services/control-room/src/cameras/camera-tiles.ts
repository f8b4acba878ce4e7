// The cameras as tiles: how each is, by what the server knows of it and the open faults, and the worst first.
import type { CameraState } from '@ronda/contracts/camera-wall'
import type { DeviceStanding } from '@ronda/contracts/city-standing'
import { type Mark, noMark } from '../map/marks.ts'

export interface CameraTile {
  readonly camera: CameraState
  readonly standing: DeviceStanding
  readonly mark: Mark | undefined
}

const afterMarks = {
  faulty: 0,
  silent: 0,
  unheard: 1,
  neverSeen: 2,
  working: 3,
  disabled: 4,
} as const satisfies Record<DeviceStanding, number>

export function toTile(camera: CameraState, mark: Mark | undefined): CameraTile {
  return { camera, mark, standing: standingOf(camera, mark) }
}

/** In the order in which the server counts them. */
function standingOf({ enabled, seenAt, unheardSince }: CameraState, mark: Mark | undefined): DeviceStanding {
  if (!enabled) return 'disabled'
  if (seenAt === null) return 'neverSeen'
  if (mark?.fault.active === true) return mark.fault.code === 'comm_loss' ? 'silent' : 'faulty'
  return unheardSince === undefined ? 'working' : 'unheard'
}

export function worstFirst(a: CameraTile, b: CameraTile): number {
  return (
    afterMarks[a.standing] - afterMarks[b.standing] ||
    (a.mark?.rank ?? noMark) - (b.mark?.rank ?? noMark) ||
    (a.camera.name < b.camera.name ? -1 : 1)
  )
}

export interface CameraFilter {
  readonly search: string
  readonly district: string | undefined
  readonly standing: DeviceStanding | undefined
}

/** Whether it fits all that is chosen, but for what is to be counted. */
export function fits({ camera, standing }: CameraTile, filter: CameraFilter, except?: 'standing'): boolean {
  const words = filter.search.toLowerCase().split(/\s+/)
  const text = `${camera.name}\n${camera.id}`.toLowerCase()
  return (
    (except === 'standing' || filter.standing === undefined || filter.standing === standing) &&
    (filter.district === undefined || filter.district === camera.district) &&
    words.every((word) => text.includes(word))
  )
}

/** The same order as before for those that were there, and what is new behind them. */
export function keepOrder(tiles: readonly CameraTile[], before: readonly string[]): CameraTile[] {
  const places = new Map(before.map((id, index) => [id, index]))
  const placeOf = ({ camera }: CameraTile) => places.get(camera.id) ?? before.length
  return tiles.toSorted((a, b) => placeOf(a) - placeOf(b))
}
