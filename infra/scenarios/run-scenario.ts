// A scenario, from an empty folder to the verdict: the real services, a simulated city over real connections, its
// timeline, and then what the system found held against what was really wrong.
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mostConnections } from '@ronda/broker/limits/descriptors'
import { AppError } from '@ronda/contracts/errors'
import { watchStolenTime } from '@ronda/runtime/stolen-time'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import type { Judgement } from './judge.ts'
import type { PerformOptions } from './perform.ts'
import { judgeRun, recordRun } from './recorded-run.ts'

export interface RunResult extends Judgement {
  devices: number
  /** Faults that were put into devices. */
  injected: number
  /** What devices did beside that is no fault: reboots and quirks of their firmware. */
  oddities: number
  /** That the broker has acknowledged. */
  messages: number
  seconds: number
  /** From 0 to 1, of the processor time that the machine asked for: what its host gave to others. */
  stolenShare: number | undefined
}

const longestRestartMs = 250

/** Keeps data and logs, and says where, when not all was well. */
export async function runScenario(options: PerformOptions): Promise<RunResult> {
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

async function play(system: RunningSystem, options: PerformOptions): Promise<RunResult> {
  const { say } = options
  const startedAt = performance.now()
  const stolenShare = watchStolenTime()
  const run = await recordRun(system, options)
  say('the same log once more, at once, and every reading that was acknowledged')
  const judgement = await judgeRun(run, system)
  const { units, truth, oddities, acknowledged } = run.performed
  return {
    ...judgement,
    devices: units.length,
    injected: truth.length,
    oddities: oddities.length,
    messages: acknowledged,
    seconds: (performance.now() - startedAt) / 1_000,
    stolenShare: stolenShare(),
  }
}
