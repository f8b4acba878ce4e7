// The state of the whole, put together from what everyone has written about themselves: the ledger, the services'
// reports, how far each reader is, the store, the streams, the disk.
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { type Backbone, streamNames } from '@ronda/backbone/backbone'
import { silentMs } from '@ronda/backbone/service-report'
import type { Ledger } from '@ronda/contracts/ledger'
import {
  type ServiceName,
  type ServiceReport,
  type SystemReader,
  type SystemService,
  type SystemState,
  serviceNames,
} from '@ronda/contracts/system'
import type { Environment } from '@ronda/contracts/environment'
import type { Store } from '@ronda/store/store'
import type { DetectorHost } from './detector-host.ts'
import type { Historian } from './historian.ts'
import type { LedgerTrend } from './ledger-trend.ts'

const refusedPrefix = 'refused:'

export interface SystemStateDeps {
  env: Pick<Environment, 'RONDA_LOG_MAX_MB' | 'RONDA_DISK_RESERVE_MB'>
  /** The data directory. */
  dir: string
  backbone: Backbone
  store: Store
  historian: Pick<Historian, 'blocked'>
  detector: () => Pick<DetectorHost, 'blocked'> | undefined
  ledger: () => Promise<Ledger>
  trend: Pick<LedgerTrend, 'read'>
  sinceStart: () => SystemState['sinceStart']
}

export async function readSystemState(deps: SystemStateDeps): Promise<SystemState> {
  const { env, dir, backbone, store, trend, sinceStart } = deps
  const log = backbone.stream('log')
  const at = Date.now()
  const reports = new Map((await backbone.bucket('service-reports').list()).map(({ key, value }) => [key, value]))
  const ledger = await deps.ledger()
  const unavailable = await store.unavailable()
  return {
    at,
    ledger,
    trend: trend.read(ledger),
    sinceStart: sinceStart(),
    turnedAway: await readTurnedAway(backbone),
    services: serviceNames.map((name) => serviceOf(name, reports.get(name), at)),
    readers: await readReaders(deps, ledger, reports.get('fanout'), at),
    store: { kind: store.name, ...(unavailable === undefined ? {} : { problem: unavailable.message }) },
    backbone: {
      kind: 'embedded',
      ...(log.blocked === undefined ? {} : { problem: log.blocked.message }),
      logLimitBytes: env.RONDA_LOG_MAX_MB * 1e6,
      streams: await Promise.all(
        streamNames.map(async (name) => {
          const { bytes, oldestAt } = await backbone.stream(name).size()
          return { name, bytes, ...(oldestAt === undefined ? {} : { oldestAt: Math.round(oldestAt) }) }
        }),
      ),
    },
    disk: { ...(await readDisk(dir)), reserveBytes: env.RONDA_DISK_RESERVE_MB * 1e6 },
  }
}

function serviceOf(name: ServiceName, report: ServiceReport | undefined, now: number): SystemService {
  if (report === undefined) return { name, state: 'never' }
  const { behind: _behind, ...said } = report
  return { name, state: now - report.at > silentMs ? 'silent' : 'up', ...said }
}

async function readReaders(
  { backbone, historian, detector }: SystemStateDeps,
  { accepted, pending }: Ledger,
  fanout: ServiceReport | undefined,
  now: number,
): Promise<SystemReader[]> {
  const detectorAt = await backbone.checkpoint('detector')
  const fanoutSays = fanout !== undefined && now - fanout.at <= silentMs ? fanout.behind : undefined
  const blocked = (why: string | undefined) => (why === undefined ? {} : { blocked: why })
  return [
    { name: 'historian', stream: 'log', behind: pending, ...blocked(historian.blocked?.message) },
    {
      name: 'detector',
      stream: 'log',
      // Read after the head: it may have come further meanwhile.
      behind: detectorAt === undefined ? null : Math.max(0, accepted - detectorAt.ordinal),
      ...blocked(detector()?.blocked),
    },
    { name: 'fanout', stream: 'faults', behind: fanoutSays ?? null },
  ]
}

async function readTurnedAway(backbone: Backbone): Promise<SystemState['turnedAway']> {
  const broker = await backbone.bucket('sources').get('broker')
  return Object.entries(broker?.value.counters ?? {})
    .filter(([name, count]) => name.startsWith(refusedPrefix) && count > 0)
    .map(([name, count]) => ({ code: name.slice(refusedPrefix.length), count }))
    .toSorted((a, b) => b.count - a.count)
}

async function readDisk(dir: string): Promise<Pick<SystemState['disk'], 'freeBytes' | 'totalBytes' | 'usedBytes'>> {
  const { bavail, blocks, bsize } = await statfs(dir)
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => sizeOf(join(parentPath, name))),
  )
  return {
    freeBytes: bavail * bsize,
    totalBytes: blocks * bsize,
    usedBytes: sizes.reduce((sum, size) => sum + size, 0),
  }
}

/** 0 for a file that is gone meanwhile. */
async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0
}
