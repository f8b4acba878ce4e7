// What rules look at, drawn from what the engine keeps; the dear parts are worked out only when a rule asks.
import type { Contactors } from './contactors.ts'
import type { DeviceState } from './device-state.ts'
import { leaning } from './lamp-memory.ts'
import type { LogClock } from './log-clock.ts'
import type { Maintenance } from './maintenance.ts'
import type { Outages } from './outages.ts'
import type { Presence } from './presence.ts'
import { type Facts, type ReportedFields, asNumber } from './rules/rule.ts'
import type { Sun } from './sun.ts'
import type { Uplinks } from './uplinks.ts'

export interface FactsDeps {
  log: LogClock
  sun: Sun
  contactors: Contactors
  presence: Presence
  outages: Outages
  maintenance: Maintenance
  uplinks: Uplinks
}

/**
 * The facts of a device, with the fields of its reading, the time of its measurement (ms UTC) and, of a message that
 * tells it, its clock's skew (ms). There is one object for all of them: it holds until the next call.
 */
export function createFacts(deps: FactsDeps) {
  const { log, sun, contactors, presence, outages, uplinks, maintenance } = deps
  let of: DeviceState
  let fields: ReportedFields
  let measuredAt: number
  let skewMs: number | undefined
  const facts: Facts = {
    get nominalV() {
      return of.nominalV
    },
    get nominalPowerW() {
      return of.nominalPowerW
    },
    get fields() {
      return fields
    },
    get sun() {
      return sun.phase(measuredAt)
    },
    get supplyOff() {
      return contactors.isOff(of, of.deadReports === 0 ? log.time : of.deadSince)
    },
    get skewMs() {
      return skewMs
    },
    get switchings() {
      return of.switchedAt.length
    },
    get leaningDeg() {
      return leaning(of, asNumber(fields.tiltDeg))
    },
    get loss() {
      return presence.loss(of)
    },
    get outage() {
      return outages.of(of)
    },
    get inMaintenance() {
      return maintenance.of(of) !== undefined
    },
    get uplink() {
      return uplinks.of(of)
    },
  }
  return (state: DeviceState, reading: ReportedFields, at: number, ofClockMs?: number): Facts => {
    of = state
    fields = reading
    measuredAt = at
    skewMs = ofClockMs
    return facts
  }
}
