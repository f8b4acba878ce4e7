// How the devices of the city are, counted: the answer of `GET /api/v1/city-standing`.
import { z } from 'zod'
import { Severity } from './fault.ts'
import { DeviceKind } from './topics.ts'

const count = z.int().min(0)

/** A device is counted once, as the last of these that holds. */
const Standings = z.object({
  working: count.describe('Heard, and nothing is known to be wrong'),
  unheard: count.describe('Nothing was wrong when it was heard last, but its source is down or was a moment ago'),
  faulty: count.describe('It has an active fault'),
  silent: count.describe('It should be heard and is not'),
  neverSeen: count.describe('It is registered and was never heard'),
  disabled: count,
})
export type Standings = z.infer<typeof Standings>
export type DeviceStanding = keyof Standings

export const CityStanding = z.object({
  at: z.int().describe('ms UTC of the log'),
  groups: z
    .array(z.object({ kind: DeviceKind, district: z.string(), standings: Standings }))
    .describe('Of each kind in each district where there is one'),
  faults: z
    .array(z.object({ severity: Severity, active: count, unacknowledged: count }))
    .describe('Active ones that no other fault caused, the gravest first'),
})
export type CityStanding = z.infer<typeof CityStanding>
