// A scenario, from an empty folder to the verdict: the real services, a simulated city over real connections, its
// timeline, and then what the system found held against what was really wrong.
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mostConnections } from '@ronda/broker/limits/descriptors'
import { openBackbone } from '@ronda/backbone/open'
import type { Scenario } from '@ronda/city/scenario/scenario'
import { AppError } from '@ronda/contracts/errors'
import { readCity } from '@ronda/runtime/city-profile'
import { openDataDir } from '@ronda/runtime/data-dir'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import { type Judgement, judge } from './judge.ts'
import { perform } from './perform.ts'
import { keepLog } from './recording.ts'

export interface RunOptions {
  scenario: Scenario
  seed: number
  /** Told how it goes, a line at a time. */
  say: (line: string) => void
  /** Ends it early, with the verdict on what was until then. */
  signal: AbortSignal
}

export interface RunResult extends Judgement {
  devices: number
  /** Faults that were put into devices. */
  injected: number
  /** That the broker has acknowledged. */
  messages: number
  seconds: number
}

const longestRestartMs = 250

/** Keeps data and logs, and says where, when not all was well. */
export async function runScenario(options: RunOptions): Promise<RunResult> {
  const { scenario, say } = options
  requireConnections(scenario.city.devices)
  const folder = mkdtempSync(join(tmpdir(), 'ronda-scenario-'))
  let system: RunningSystem | undefined
  let isKept = true
  try {
    system = await startSystem(
      {
        RONDA_TIME_SCALE: String(scenario.speed),
        RONDA_TIME_START: new Date(scenario.starts).toISOString(),
        RONDA_LOG_LEVEL: 'warn',
      },
      {
        longestRestartMs,
        onLine: (service, line) => appendFileSync(join(folder, 'services.log'), `${service} ${line}\n`),
      },
    )
    const result = await play(system, options)
    isKept = result.breaches.length > 0
    return result
  } finally {
    await system?.stop({ keepData: isKept })
    if (isKept) {
      if (system !== undefined) renameSync(system.dir, join(folder, 'data'))
      say(`data and logs are kept in ${folder}`)
    } else rmSync(folder, { recursive: true })
  }
}

function requireConnections(devices: number): void {
  const most = mostConnections()
  if (devices <= most) return
  throw new AppError(
    'config_invalid',
    `${devices} devices need as many connections, and the limit of open files leaves room for ${most}: raise it (ulimit -n, LimitNOFILE= of systemd), or ask for fewer with --devices`,
  )
}

async function play(system: RunningSystem, options: RunOptions): Promise<RunResult> {
  const { scenario, say } = options
  const startedAt = performance.now()
  const city = readCity(system.env.RONDA_CITY)
  const { clock } = openDataDir(system.env, city.profile.slug)
  const backbone = openBackbone({ dir: system.dir, env: system.env, now: clock.now })
  try {
    await keepLog(backbone)
    const performed = await perform({ ...options, system, backbone, city, clock })
    await system.stop({ keepData: true })
    say('the same log once more, at once')
    const judgement = await judge(performed, { backbone, profile: city.profile, slackMs: scenario.slack })
    const breaches = [...judgement.breaches, ...system.complaints]
    return {
      ...judgement,
      breaches,
      devices: performed.units.length,
      injected: performed.truth.length,
      messages: performed.acknowledged,
      seconds: (performance.now() - startedAt) / 1_000,
    }
  } finally {
    await backbone.close()
  }
}
