// What a scenario of a soak is, and what it may lay hands on.
import type { Influxd } from '../testing/influxd.ts'
import type { PacedLoad } from '../testing/paced-load.ts'
import type { RunningSystem } from '../testing/running-system.ts'
import type { SlowDisk } from '../testing/slow-disk.ts'
import type { SmallDisk } from '../testing/small-disk.ts'
import type { TcpProxy } from '../testing/tcp-proxy.ts'
import type { FailingCameras } from './failing-cameras.ts'

/** What a scenario may lay hands on. */
export interface Stage {
  system: RunningSystem
  /** From 1. */
  round: number
  /** How long what is not over in a moment lasts. */
  lastsMs: number
  cameras: Pick<FailingCameras, 'failNext' | 'isShown'>
  /** Readings published and acknowledged so far. */
  published: () => number
  acknowledged: () => number
  timePubacks: PacedLoad['timePubacks']
  /** Told what is worth knowing of the round. */
  say: (line: string) => void
  /** Those that the scenario needs. */
  influxd: Influxd | undefined
  smallDisk: SmallDisk | undefined
  slowDisk: SlowDisk | undefined
  proxy: TcpProxy | undefined
}

/** What is there only for scenarios that need it. */
export type Props = Pick<Stage, 'influxd' | 'smallDisk' | 'slowDisk' | 'proxy'>

export interface Scenario {
  about: string
  /** How often, unless it is asked for otherwise. */
  rounds: number
  /**
   * The pause before each round is drawn from 0 to this, so that some rounds hit a system that is still recovering
   * from the last.
   */
  longestPauseMs: number
  /** What has to be there before the system starts. */
  needs?: keyof Props
  /**
   * One round; resolves when the system is left to itself again, or the signal aborts, with what was promised and did
   * not hold meanwhile, in words.
   */
  disturb(stage: Stage, signal: AbortSignal): Promise<readonly string[]>
}
