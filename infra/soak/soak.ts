// A soak: the real services under a steady load of real MQTT clients, disturbed again and again; then the ledger
// and every single row of the store are held against what the clients were promised.
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
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
import { type SlowDisk, makeSlowDisk } from '../testing/slow-disk.ts'
import { type SmallDisk, makeSmallDisk } from '../testing/small-disk.ts'
import { type TcpProxy, startTcpProxy } from '../testing/tcp-proxy.ts'
import { type PublishedBy, compareLoads } from './compare-loads.ts'
import { type FailingCameras, planCameras, startFailingCameras } from './failing-cameras.ts'
import type { Props, Scenario } from './scenario.ts'
import { diskSize } from './scenarios/disk-full.ts'
import { until } from './until.ts'
import { breachesOf } from './verdict.ts'

export interface SoakOptions {
  scenario: Scenario
  rounds: number
  /** Of each outage. */
  lastsMs: number
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
  /** Cameras that lost their picture, one in a round and more where a scenario asks. */
  faults: number
  lostFaults: number
  doubledFaults: number
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
/** Beyond the reserve of the disk that Ronda keeps, with room for a long soak. */
const slowDiskMegabytes = 4_096
/** Rounds beyond that have no fault of their own; two in a round at most. */
const mostCameras = 100

/** Keeps data and logs, and says where, when not all was well. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { needs } = options.scenario
  const folder = mkdtempSync(join(tmpdir(), 'ronda-soak-'))
  let influxd: Influxd | undefined
  let smallDisk: SmallDisk | undefined
  let slowDisk: SlowDisk | undefined
  let proxy: TcpProxy | undefined
  let system: RunningSystem | undefined
  let isKept = true
  try {
    if (options.store === 'influx') influxd = await startInfluxd()
    if (needs === 'smallDisk') smallDisk = makeSmallDisk(diskSize.megabytes)
    if (needs === 'slowDisk') slowDisk = await makeSlowDisk(slowDiskMegabytes)
    const dir = smallDisk?.dir ?? slowDisk?.dir
    system = await startSystem(variablesOf({ influxd, smallDisk }), {
      ...(dir === undefined ? {} : { dir }),
      longestRestartMs,
      onLine: (service, line) => appendFileSync(join(folder, 'services.log'), `${service} ${line}\n`),
    })
    if (needs === 'proxy') proxy = await startTcpProxy(Number(system.env.RONDA_MQTT_PORT))
    const result = await judge(system, { influxd, smallDisk, slowDisk, proxy }, options)
    isKept = result.breaches.length > 0
    return result
  } finally {
    await system?.stop({ keepData: isKept })
    await proxy?.close()
    await influxd?.stop()
    if (isKept) {
      if (system !== undefined) cpSync(system.dir, join(folder, 'data'), { recursive: true })
      options.say(`data and logs are kept in ${folder}`)
    } else rmSync(folder, { recursive: true })
    if (system !== undefined) rmSync(system.dir, { recursive: true, force: true })
    smallDisk?.remove()
    await slowDisk?.remove()
  }
}

function variablesOf({ influxd, smallDisk }: Pick<Props, 'influxd' | 'smallDisk'>): Record<string, string> {
  return {
    ...(influxd === undefined ? {} : { RONDA_STORE: 'influx', INFLUX_URL: influxd.url }),
    ...(smallDisk === undefined ? {} : { RONDA_DISK_RESERVE_MB: String(diskSize.reserveMb) }),
  }
}

async function judge(system: RunningSystem, props: Props, options: SoakOptions): Promise<SoakResult> {
  const { clients, messagesPerSecond, rounds, say } = options
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
  const cameraPlan = planCameras(Math.min(2 * rounds, mostCameras))
  const common = {
    port: props.proxy?.port ?? Number(system.env.RONDA_MQTT_PORT),
    city: 'tangsel',
    tokens: await registerPlan(system, [...devices, ...cameraPlan]),
  }
  const load = startPacedLoad({
    ...common,
    devices,
    messagesPerSecond: messagesPerSecond / clients,
    payload: (_, n) => ({ powerW: n % 90 }),
  })
  const cameras = startFailingCameras(system, { ...common, devices: cameraPlan })
  const loads: PublishedBy[] = [
    { load, devices },
    { load: cameras.load, devices: cameraPlan },
  ]
  try {
    const disturbed = await disturbAgainAndAgain({ system, load, cameras, props }, options)
    const { recoveriesMs } = disturbed
    await cameras.whenShown(AbortSignal.timeout(patienceMs))
    say('no more is published; waiting until all is acknowledged and in the store')
    for (const each of loads) void each.load.finish()
    await until(
      () => loads.every((each) => acknowledgedBy(each.load) === each.load.sent),
      AbortSignal.timeout(patienceMs),
    )
    // What is still on its way would be acknowledged, and stored, while it is judged.
    for (const each of loads) each.load.close()
    const faults = await cameras.judge()
    const ledger = await ledgerAtRest(system)
    const comparison = await compareLoads(system, loads)
    const recovered = recoveriesMs.length === 0 || recoveriesMs.at(-1) !== undefined
    const counts = {
      published: sum(loads.map((each) => each.load.sent)),
      acknowledged: sum(loads.map((each) => acknowledgedBy(each.load))),
    }
    return {
      rounds: recoveriesMs.length,
      ...counts,
      resent: sum(loads.map((each) => each.load.resent)),
      stored: comparison.stored,
      missing: comparison.missing.length,
      doubled: comparison.doubled.length,
      foreign: comparison.foreign.length,
      faults: faults.expected,
      lostFaults: faults.lost.length,
      doubledFaults: faults.doubled.length,
      recovery: summary(recoveriesMs),
      seconds: (performance.now() - startedAt) / 1_000,
      breaches: [...disturbed.breaches, ...breachesOf({ ...counts, recovered, ledger, comparison, faults })],
    }
  } finally {
    load.close()
    cameras.close()
  }
}

interface Disturbed {
  /** How long each round's recovery took; undefined where the next round came first, or it never came about. */
  recoveriesMs: (number | undefined)[]
  breaches: string[]
}

interface Acts {
  system: RunningSystem
  load: PacedLoad
  cameras: FailingCameras
  props: Props
}

async function disturbAgainAndAgain(
  { system, load, cameras, props }: Acts,
  { scenario, rounds, lastsMs, seed, say, signal }: SoakOptions,
): Promise<Disturbed> {
  const random = createRandom(seed, 'soak')
  const recoveries: Promise<number | undefined>[] = []
  const breaches: string[] = []
  let watching = new AbortController()
  const common = { system, lastsMs, cameras, say, ...props }
  const counts = { published: () => load.sent, acknowledged: () => acknowledgedBy(load), timePubacks: load.timePubacks }
  for (let round = 1; round <= rounds; round++) {
    const pauseMs = random.integer(0, scenario.longestPauseMs)
    await delay(pauseMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    watching.abort()
    watching = new AbortController()
    say(`round ${round} of ${rounds}, after ${pauseMs} ms`)
    cameras.failNext()
    const found = await scenario.disturb({ ...common, ...counts, round }, AbortSignal.timeout(lastsMs + patienceMs))
    breaches.push(...found.map((breach) => `round ${round}: ${breach}`))
    recoveries.push(recovery(system, load, AbortSignal.any([watching.signal, AbortSignal.timeout(patienceMs)])))
  }
  return { recoveriesMs: await Promise.all(recoveries), breaches }
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
