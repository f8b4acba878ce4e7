// Access points: they come with the gateways of public places (gateway.ts).
import type { FaultKindFacts } from '../fault-facts.ts'
import { measureAccessPoint } from '../physics/access-point.ts'
import type { SimulatedKind } from './kind.ts'

export const accessPointFaults = {
  radio_down: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 4,
    meanMin: 15,
    seen: 'any time',
    noticed: false,
    meaning: 'one of the two radios of an access point is dead',
  },
  channel_congested: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 38,
    meanMin: 50,
    seen: 'any time',
    noticed: false,
    meaning: 'strangers fill the channel of an access point: much in use, much sent twice',
  },
  client_overload: {
    kinds: { 'access-point': 100 },
    share: 1,
    leastMin: 130,
    meanMin: 150,
    seen: 'any time',
    noticed: false,
    meaning: 'a gathering: 56–72 clients at one access point for hours',
  },
  uplink_degraded: {
    kinds: { 'access-point': 100 },
    share: 2,
    leastMin: 18,
    meanMin: 28,
    seen: 'any time',
    noticed: false,
    meaning: 'an access point loses packets and answers late',
  },
} as const satisfies Record<string, FaultKindFacts>

export const accessPoint: SimulatedKind<'access-point'> = {
  ids: { prefix: 'wifi', digits: 4 },
  measure: measureAccessPoint,
  parts: { comm_loss: 14, clock_drift: 10 },
}
