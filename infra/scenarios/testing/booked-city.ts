// A small city whose faults are written into a book rather than put into devices: what would have to be found.
import type { Injection } from '@ronda/city/fault-book'
import type { FaultKind } from '@ronda/city/fault-kinds'
import { createWorld } from '@ronda/city/physics/world'
import { planCity } from '@ronda/city/plan/plan'
import type { Downtime } from '@ronda/city/scenario/play'
import { createUnits, placesOf } from '@ronda/city/unit'
import type { Phase } from '@ronda/contracts/device'
import type { RuleOverrides } from '@ronda/contracts/rule-override'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import { readCity } from '@ronda/runtime/city-profile'
import { expect as expectationsOf } from '../expectations.ts'
import { createWords } from '../words.ts'

export const minute = 60_000
const beginsAt = {
  /** 20:00 in Jakarta. */
  night: Date.UTC(2026, 10, 21, 13),
  /** 10:00. */
  day: Date.UTC(2026, 10, 21, 3),
}

interface Span {
  from: number
  until: number
}

export interface BookedCityOptions {
  at: keyof typeof beginsAt
  intervalS: number
  lasts?: number
  devices?: number
  /** What the city changes about the rules. */
  rules?: RuleOverrides
}

export function createBookedCity(options: BookedCityOptions) {
  const { at, intervalS, lasts = 60 * minute, devices = 80, rules = {} } = options
  const start = beginsAt[at]
  const seed = 3
  const city = readCity('infra/cities/tangsel')
  const plan = planCity({ city, devices, seed, intervalS })
  const units = createUnits(plan, seed)
  const world = createWorld(city.profile, seed)
  const lamps = plan.filter(({ kind, supply }) => kind === 'streetlight' && supply === 'permanent')
  const [lamp] = lamps
  const places = placesOf(units)
  const camera = plan.find(({ kind }) => kind === 'camera')
  if (lamp?.cabinet === undefined || camera === undefined) throw new Error('the plan has lamps and cameras')
  const truth: Injection[] = []
  const downtimes: Downtime[] = []
  const slackMs = 20_000

  return {
    slackMs,
    lamp: lamp.id,
    /** That of the lamp. */
    cabinet: lamp.cabinet,
    camera: camera.id,
    units,
    places,
    lampsOn: (name: Phase) =>
      lamps.filter(({ cabinet, phase }) => cabinet === lamp.cabinet && phase === name).map(({ id }) => id),
    /** ms UTC so many ms after the beginning. */
    at: (ms: number) => start + ms,
    /** `deviceId`: a device's id, or the slug of a site or district. */
    fault(kind: FaultKind, deviceId: string, { from, until, phases = [] }: Span & { phases?: readonly Phase[] }) {
      const subject = [...units, ...places].find(({ id }) => id === deviceId)?.kind
      if (subject === undefined) throw new Error(`the plan has no ${deviceId}`)
      truth.push({ deviceId, subject, kind, since: start + from, until: start + until, phases, degree: 0.5 })
    },
    away(service: string, { from, until }: Span) {
      downtimes.push({ service, from: start + from, until: start + until })
    },
    expect() {
      const endsAt = start + lasts
      const words = createWords({ world, centre: city.profile.centre, truth, endsAt })
      return expectationsOf({ rulebook: createRulebook(rules), units, truth, words, downtimes, slackMs, endsAt })
    },
  }
}
