// How a device was over time, of what history and the detector have kept: when it reported, and which faults it had.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Device } from '@ronda/contracts/device'
import type { FaultRow } from '@ronda/contracts/fault'
import { measurementOf } from '@ronda/contracts/measurements'
import type { PastStandings } from '@ronda/contracts/past-standing'
import { freshIntervals } from '@ronda/faults/honest-time'
import type { Store } from '@ronda/store/store'
import { scan } from './api/pages.ts'
import { archiveBound } from './fault-archive.ts'
import { type Span, standingPeriods } from './standing-periods.ts'

export const longestPastMs = 31 * 86_400_000
/** What reports within so long is taken to have been heard in all of it. */
const resolutionMs = 5 * 60_000

export interface PastStandingsDeps {
  backbone: Backbone
  store: Pick<Store, 'history'>
}

export async function readPastStandings(
  { backbone, store }: PastStandingsDeps,
  device: Device,
  span: Span,
): Promise<Omit<PastStandings, 'device'>> {
  const [heard, faults] = await Promise.all([readHeard(store, device, span), readFaults(backbone, device, span)])
  return { resolutionMs, periods: standingPeriods(heard, faults, span) }
}

/** Whoever was heard is expected again some intervals later only: until then it is as it was. */
async function readHeard(store: Pick<Store, 'history'>, device: Device, { from, to }: Span): Promise<Span[]> {
  const freshMs = freshIntervals * device.intervalS * 1_000
  const buckets = await store.history({
    measurement: measurementOf(device.kind),
    device: device.id,
    fields: ['receivedAt'],
    from: from - freshMs,
    to: to + 1,
    everyMs: resolutionMs,
    limit: Math.ceil((to + 1 - from + freshMs) / resolutionMs) + 1,
  })
  return buckets.map(({ time }) => ({ from: time, to: time + resolutionMs + freshMs }))
}

/** Those that held in some of the time, open and closed. Nothing holds after it was closed. */
async function readFaults(backbone: Backbone, { uid }: Device, { from, to }: Span): Promise<FaultRow[]> {
  const found: FaultRow[] = []
  // The ids of its faults begin with its uid.
  for await (const { value } of scan(backbone.bucket('faults'), { after: `${uid}.`, before: `${uid}/` })) {
    found.push(value)
  }
  for await (const { value } of scan(backbone.bucket('fault-archive'), { after: archiveBound(from) })) {
    if (value.fault.uid === uid) found.push(value)
  }
  return found.filter(({ fault }) => fault.raisedAt < to)
}
