// What the parts of a plan are drawn with.
import type { NewDevice } from '@ronda/contracts/device'
import type { DeviceKind } from '@ronda/contracts/topics'
import type { Random } from '../random.ts'
import type { District, Point } from './district.ts'
import type { Names } from './names.ts'
import type { Street } from './streets.ts'

export interface Planner {
  random: Random
  names: Names
  districts: readonly District[]
  nominalVoltageV: number
  /** Those that are laid so far. */
  streets: Street[]
  /** Gives the device the next id of its kind, its agency and its interval. */
  install(kind: DeviceKind, name: string, district: District, at: Point, details: Partial<NewDevice>): NewDevice
}

/** The tag that every simulated device carries in the registry. */
export const simulatedTag = 'simulated'
