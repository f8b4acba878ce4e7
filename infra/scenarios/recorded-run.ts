// A performance and all that it leaves behind in its folder, kept so that it can be judged: at once, or as a copy.
import { openBackbone } from '@ronda/backbone/open'
import type { City } from '@ronda/contracts/city'
import { openStore } from '@ronda/ingest/open-store'
import { readCity } from '@ronda/runtime/city-profile'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createLog } from '@ronda/runtime/log'
import type { RunningSystem } from '../testing/running-system.ts'
import { type Judgement, judge } from './judge.ts'
import { type PerformOptions, type Performed, perform } from './perform.ts'
import { keepLog } from './recording.ts'

export interface RecordedRun {
  performed: Performed
  city: City
  /** What the services printed that they should not have. */
  complaints: readonly string[]
  slackMs: number
}

/** Ends the services, and leaves their folder. */
export async function recordRun(system: RunningSystem, options: PerformOptions): Promise<RecordedRun> {
  const city = readCity(system.env.RONDA_CITY)
  const { clock } = openDataDir(system.env, city.profile.slug)
  const backbone = openBackbone({ dir: system.dir, env: system.env, now: clock.now })
  try {
    await keepLog(backbone)
    const performed = await perform({ ...options, system, backbone, city, clock })
    await system.stop({ keepData: true })
    return { performed, city, complaints: system.complaints, slackMs: options.scenario.slack }
  } finally {
    await backbone.close()
  }
}

/** `dir`: the run's folder, or a copy of it; nobody else may use it. */
export async function judgeRun(
  { performed, city, complaints, slackMs }: RecordedRun,
  { dir, env }: Pick<RunningSystem, 'dir' | 'env'>,
): Promise<Judgement> {
  const backbone = openBackbone({ dir, env, now: Date.now })
  try {
    const store = await openStore(env, dir, createLog('judge', 'error'))
    try {
      return await judge(performed, { backbone, store, city, slackMs, complaints })
    } finally {
      await store.close()
    }
  } finally {
    await backbone.close()
  }
}
