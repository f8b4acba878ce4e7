// A soak: the real services under a steady load of real MQTT clients, disturbed again and again; then the ledger
// and every single row of the store are held against what the clients were promised.
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '@ronda/city/random'
import { NewDevice } from '@ronda/contracts/device'
import type { Ledger } from '@ronda/contracts/ledger'
import { type Influxd, startInfluxd } from '../testing/influxd.ts'
import { type PacedLoad, startPacedLoad } from '../testing/paced-load.ts'
import { registerPlan } from '../testing/registration.ts'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'
import { compare } from './comparison.ts'
import type { Scenario } from './scenarios.ts'
import { readStored } from './stored-readings.ts'
import { until } from './until.ts'
import { breachesOf } from './verdict.ts'

export interface SoakOptions {
  scenario: Scenario
  rounds: number
  store: 'embedded' | 'influx'
  /** Of the pauses between the rounds. */
  seed: number
  clients: number
  /** Over all clients. */
  messagesPerSecond: number
  /** Told how it goes, a line at a time. */
  say: (line: string) => void
  /** Ends it after the round that runs, with the verdict on what was done until then. */
  signal: AbortSignal
}

export interface SoakResult {
  rounds: number
  published: number
  acknowledged: number
  /** PUBLISH packets that were sent again. */
  resent: number
  /** Rows. */
  stored: number
  missing: number
  doubled: number
  foreign: number
  /** From the end of a disturbance until all works and messages are acknowledged; of the rounds that came so far. */
  recovery: { rounds: number; p50Ms: number; maxMs: number }
  seconds: number
  /** What was promised and does not hold, in words; empty when all does. */
  breaches: string[]
}

/** Long beside any recovery: what is not right by then does not become right. */
const patienceMs = 120_000
/** A killed service is to be back at once, round after round. */
const longestRestartMs = 250

/** Keeps data and logs, and says where, when not all was well. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ronda-soak-'))
  const influxd = options.store === 'influx' ? await startInfluxd() : undefined
  let system: RunningSystem | undefined
  let isKept = true
  try {
    system = await startSystem(storeVariables(influxd), {
      longestRestartMs,
      onLine: (service, line) => appendFileSync(join(folder, 'services.log'), `${service} ${line}\n`),
    })
    const result = await judge(system, options)
    isKept = result.breaches.length > 0
    return result
  } finally {
    await system?.stop({ keepData: isKept })
    await influxd?.stop()
    if (isKept) {
      if (system !== undefined) renameSync(system.dir, join(folder, 'data'))
      options.say(`data and logs are kept in ${folder}`)
    } else rmSync(folder, { recursive: true })
  }
}

function storeVariables(influxd: Influxd | undefined): Record<string, string> {
  return influxd === undefined ? {} : { RONDA_STORE: 'influx', INFLUX_URL: influxd.url }
}

async function judge(system: RunningSystem, options: SoakOptions): Promise<SoakResult> {
  const { clients, messagesPerSecond, say } = options
  const startedAt = performance.now()
  const devices = Array.from({ length: clients }, (_, i) =>
    NewDevice.parse({
      id: `soak-${i}`,
      kind: 'streetlight',
      name: `Soak ${i}`,
      latitude: -6.3,
      longitude: 106.68,
      district: 'serpong',
    }),
  )
  const load = startPacedLoad({
    port: Number(system.env.RONDA_MQTT_PORT),
    city: 'tangsel',
    devices,
    tokens: await registerPlan(system, devices),
    messagesPerSecond: messagesPerSecond / clients,
    payload: (_, n) => ({ powerW: n % 90 }),
  })
  try {
    const recoveriesMs = await disturbAgainAndAgain(system, load, options)
    say('no more is published; waiting until all is acknowledged and in the store')
    void load.finish()
    await until(() => acknowledgedBy(load) === load.sent, AbortSignal.timeout(patienceMs))
    const ledger = await ledgerAtRest(system)
    const ids = devices.map(({ id }) => id)
    const count = load.sent / clients
    const stored = await readStored(system, ids, load.timeOf(0), load.timeOf(count) + 1)
    const { acknowledged } = load
    const timeOf = (device: string, n: number) =>
      acknowledged.has(device) && n >= 0 && n < count ? load.timeOf(n) : undefined
    const comparison = compare({ acknowledged, timeOf }, stored)
    const recovered = recoveriesMs.length === 0 || recoveriesMs.at(-1) !== undefined
    const counts = { published: load.sent, acknowledged: acknowledgedBy(load) }
    return {
      rounds: recoveriesMs.length,
      ...counts,
      resent: load.resent,
      stored: comparison.stored,
      missing: comparison.missing.length,
      doubled: comparison.doubled.length,
      foreign: comparison.foreign.length,
      recovery: summary(recoveriesMs),
      seconds: (performance.now() - startedAt) / 1_000,
      breaches: breachesOf({ ...counts, recovered, ledger, comparison }),
    }
  } finally {
    load.close()
  }
}

/** How long each round's recovery took, in ms; undefined where the next round came first, or it never came about. */
async function disturbAgainAndAgain(
  system: RunningSystem,
  load: PacedLoad,
  { scenario, rounds, seed, say, signal }: SoakOptions,
): Promise<(number | undefined)[]> {
  const random = createRandom(seed, 'soak')
  const recoveries: Promise<number | undefined>[] = []
  let watching = new AbortController()
  for (let round = 1; round <= rounds; round++) {
    const pauseMs = random.integer(0, scenario.longestPauseMs)
    await delay(pauseMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    watching.abort()
    watching = new AbortController()
    await scenario.disturb({ system }, AbortSignal.timeout(patienceMs))
    say(`round ${round} of ${rounds}, after ${pauseMs} ms`)
    recoveries.push(recovery(system, load, AbortSignal.any([watching.signal, AbortSignal.timeout(patienceMs)])))
  }
  return Promise.all(recoveries)
}

async function recovery(system: RunningSystem, load: PacedLoad, signal: AbortSignal): Promise<number | undefined> {
  const startedAt = performance.now()
  await system.whenReady(signal)
  const before = acknowledgedBy(load)
  const isBack = await until(() => acknowledgedBy(load) > before, signal)
  return isBack ? performance.now() - startedAt : undefined
}

/** Undefined when it does not come to rest. */
async function ledgerAtRest(system: RunningSystem): Promise<Ledger | undefined> {
  let ledger: Ledger | undefined
  const isAtRest = await until(async () => {
    ledger = await system.get<Ledger>('/api/v1/ledger')
    return ledger.pending === 0
  }, AbortSignal.timeout(patienceMs))
  return isAtRest ? ledger : undefined
}

function summary(recoveriesMs: readonly (number | undefined)[]): SoakResult['recovery'] {
  const done = recoveriesMs.filter((each) => each !== undefined).toSorted((a, b) => a - b)
  return { rounds: done.length, p50Ms: done[Math.floor(done.length / 2)] ?? 0, maxMs: done.at(-1) ?? 0 }
}

function acknowledgedBy({ acknowledged }: PacedLoad): number {
  let count = 0
  for (const each of acknowledged.values()) count += each.size
  return count
}
