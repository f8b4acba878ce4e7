// What a control room was told beside what the detector said: every event, once, in its order and in time.
import type { Downtime } from '@ronda/city/scenario/play'
import type { FaultEvent } from '@ronda/contracts/fault'
import { type Promised, breachOf } from './promises.ts'

/** An event as it reached the control room. */
export interface Push {
  /** Stamped, ms UTC. */
  at: number
  faultId: string
  revision: number
}

export interface Told {
  events: readonly FaultEvent[]
  pushes: readonly Push[]
  /** Stamped, ms UTC: what was decided later the control room need not have heard. */
  endsAt: number
  /** Services that are away tell nothing. */
  downtimes: readonly Downtime[]
  /** Stamped: what telling may take. */
  lateMs: number
}

export function pushBreaches({ events, pushes, endsAt, downtimes, lateMs }: Told): Promised {
  const places = new Map(events.map(({ fault }, place) => [nameOf(fault.id, fault.revision), { fault, place }]))
  const heard = new Set<string>()
  const doubled: string[] = []
  const foreign: string[] = []
  const unordered: string[] = []
  const late: string[] = []
  let newest = -1
  for (const { at, faultId, revision } of pushes) {
    const name = nameOf(faultId, revision)
    const event = places.get(name)
    if (event === undefined) {
      foreign.push(name)
      continue
    }
    if (heard.has(name)) doubled.push(name)
    else if (event.place < newest) unordered.push(name)
    heard.add(name)
    newest = Math.max(newest, event.place)
    const { updatedAt } = event.fault
    const isExcused = downtimes.some(({ from, until }) => from <= at && until + lateMs >= updatedAt)
    if (at > updatedAt + lateMs && !isExcused) late.push(name)
  }
  const lost = [...places].flatMap(([name, { fault }]) => (fault.updatedAt <= endsAt && !heard.has(name) ? name : []))
  return {
    lost: breachOf('events never reached the control room', lost),
    doubled: [
      ...breachOf('events reached the control room more than once', doubled),
      ...breachOf('events were told that nobody has decided', foreign),
    ],
    unordered: breachOf('events reached the control room out of order', unordered),
    late: breachOf('events reached the control room too late', late),
  }
}

function nameOf(faultId: string, revision: number): string {
  return `${faultId} revision ${revision}`
}
