// How a device was over time: the answer of `GET /api/v1/devices/{id}/standings`.
import { z } from 'zod'
import type { DeviceStanding } from './city-standing.ts'
import { Fault } from './fault.ts'

const instant = z.int().describe('ms UTC')

/** As in the city's standing, where a device was never missed before it was heard. */
export const pastStandings = ['working', 'unheard', 'faulty', 'silent'] as const satisfies readonly DeviceStanding[]
export type PastStanding = (typeof pastStandings)[number]

const StandingPeriod = z.object({
  from: instant,
  to: instant,
  standing: z
    .enum(pastStandings)
    .describe('working: heard, and nothing was wrong; unheard: nobody heard it, and nobody missed it'),
  faults: z
    .array(Fault.pick({ id: true, code: true, severity: true, message: true }))
    .describe('Those that made it faulty or silent'),
})
export type StandingPeriod = z.infer<typeof StandingPeriod>

export const PastStandings = z.object({
  device: z.string(),
  resolutionMs: z.int().describe('A time that is not known and shorter than this may be missing'),
  periods: z.array(StandingPeriod).describe('Oldest first, without gaps, no two of the same standing in a row'),
})
export type PastStandings = z.infer<typeof PastStandings>
