// Access points: as many clients as the place has visitors at this hour, and traffic to match.
import type { Telemetry } from '@ronda/contracts/telemetry'
import type { ActiveFault } from '../active-faults.ts'
import type { PlaceKind } from '../plan/public-places.ts'
import { drift, jitter, subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'
import { hasUplink } from './network.ts'
import { round } from './round.ts'
import { bootedAt, uptimeS } from './uptime.ts'
import { type WeekCurve, createWeekCurve } from './week-curve.ts'
import type { World } from './world.ts'

const use = { size: 100, crowd: 101, radio: 102, uplink: 103, load: 104 } as const
const minuteMs = 60_000
const bytesPerClientHour = 90e6

interface Place {
  visitors: WeekCurve
  /** Clients of one access point at the busiest hour. */
  fewest: number
  most: number
}

const percent = (value: number) => value / 100

const places: Record<PlaceKind, Place> = {
  park: {
    visitors: createWeekCurve(
      [3, 1, 0, 0, 2, 12, 30, 32, 24, 20, 20, 24, 26, 24, 26, 40, 66, 84, 78, 70, 56, 36, 18, 8].map(percent),
      [5, 2, 1, 1, 4, 24, 60, 84, 90, 82, 70, 60, 56, 56, 64, 80, 96, 100, 92, 84, 70, 48, 26, 12].map(percent),
    ),
    fewest: 12,
    most: 32,
  },
  school: {
    visitors: createWeekCurve(
      [0, 0, 0, 0, 0, 4, 30, 88, 100, 94, 90, 98, 96, 84, 62, 34, 16, 8, 4, 2, 1, 0, 0, 0].map(percent),
      [0, 0, 0, 0, 0, 0, 2, 5, 8, 9, 9, 8, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0].map(percent),
    ),
    fewest: 20,
    most: 38,
  },
  'health-centre': {
    visitors: createWeekCurve(
      [4, 3, 3, 3, 4, 8, 26, 70, 96, 100, 96, 84, 62, 66, 58, 40, 26, 20, 18, 16, 13, 10, 7, 5].map(percent),
      [4, 3, 3, 3, 4, 6, 12, 24, 34, 36, 34, 28, 20, 18, 16, 14, 13, 13, 13, 12, 10, 8, 6, 5].map(percent),
    ),
    fewest: 8,
    most: 24,
  },
}

function placeOf({ device }: Unit): Place {
  const tags: readonly string[] = device.tags ?? []
  if (tags.includes('school')) return places.school
  return tags.includes('health-centre') ? places['health-centre'] : places.park
}

export function measureAccessPoint(world: World, point: Unit, t: number): Omit<Telemetry<'access-point'>, 'faults'> {
  const { key, faults } = point
  const { client_overload: gathering, channel_congested: congestion } = faults
  const { visitors, fewest, most } = placeOf(point)
  const peak = fewest + (most - fewest) * uniform(subkey(key, use.size))
  const localMs = world.sun.localMs(t)
  const busy = visitors.at(localMs)
  // Even the fullest place keeps away from the 45 at which too many would be over.
  const crowd = 1 + 0.15 * drift(subkey(key, use.crowd), t, 15 * minuteMs)
  const usual = peak * busy * crowd
  // Beyond the 50 at which it is too many, all the time; most of a gathering's phones are merely there.
  const clients = Math.round(gathering === undefined ? usual : 60 + 8 * gathering.degree + 20 * (crowd - 1))
  const using = Math.min(clients, 38)
  const sinceBootHours = visitors.hours(localMs) - visitors.hours(world.sun.localMs(bootedAt(point, t)))
  const bytes = peak * sinceBootHours * bytesPerClientHour
  const radio = jitter(subkey(key, use.radio), t)
  return {
    clients,
    channelUtilisationPct: round(
      congestion === undefined ? 6 + 0.8 * using + 2 * radio : air(62, congestion, radio),
      1,
    ),
    retryPct: round(congestion === undefined ? 3 + 0.2 * using + radio : air(26, congestion, radio), 1),
    txBytes: Math.round(bytes),
    rxBytes: Math.round(bytes * 0.14),
    noiseDbm: round(-93 + 2 * radio, 0),
    ...measureUplink(point, busy, t),
    uptimeS: uptimeS(point, t),
    cpuPct: round(8 + 0.9 * clients + 3 * jitter(subkey(key, use.load), t), 1),
    memoryPct: round(42 + 0.3 * clients + 3 * drift(subkey(key, use.load), t, 60 * minuteMs), 1),
    radiosUp: faults.radio_down === undefined ? 2 : 1,
    radiosEnabled: 2,
  }
}

/** Percent of the air that strangers take, or spoil: from `leastPct` on, with the degree. */
function air(leastPct: number, { degree }: ActiveFault, noise: number): number {
  return leastPct + 24 * degree + 2 * noise
}

export function measureGateway(world: World, gateway: Unit, t: number): Omit<Telemetry<'gateway'>, 'faults'> {
  const busy = places.park.visitors.at(world.sun.localMs(t))
  const seen = gateway.behind.filter(({ faults }) => faults.comm_loss === undefined)
  return {
    ...measureUplink(gateway, busy, t),
    uptimeS: uptimeS(gateway, t),
    devicesSeen: seen.length,
  }
}

function measureUplink(unit: Unit, busy: number, t: number) {
  // Nothing comes back over a cut one: that has no time.
  if (!hasUplink(unit)) return { uplinkLossPct: 100 }
  const { key } = unit
  const degraded = unit.faults.uplink_degraded?.degree
  const noise = jitter(subkey(key, use.uplink), t)
  const wander = drift(subkey(key, use.uplink), t, 10 * minuteMs)
  if (degraded === undefined) {
    return {
      uplinkRttMs: round(22 + 12 * busy + 8 * wander + 2 * noise, 1),
      uplinkLossPct: round(0.4 + 0.3 * wander + 0.1 * noise, 2),
    }
  }
  // Both beyond the thresholds of 200 ms and 10 %, all the time.
  return {
    uplinkRttMs: round(300 + 260 * degraded + 60 * wander + 20 * noise, 1),
    uplinkLossPct: round(17 + 14 * degraded + 3 * wander + noise, 2),
  }
}
