// What the street lights used last night, beside the same night a week earlier: the answer of `GET /api/v1/night-energy`.
import { z } from 'zod'

const instant = z.int().describe('ms UTC')
const lights = z.int().min(0)
const kWh = z.number().min(0)

const NightUse = z.object({
  from: instant.describe('Dusk'),
  to: instant.describe('Dawn'),
  lights: lights.describe('Whose counters are known at dusk and at dawn, and were not reset between'),
  kWh: kWh.describe('Of those'),
})
export type NightUse = z.infer<typeof NightUse>

export const NightEnergy = z.object({
  lights: lights.describe('Registered, neither retired nor disabled'),
  lastNight: NightUse.nullable().describe(
    'The newest one that is over; null where the sun does not set or does not rise',
  ),
  weekBefore: NightUse.nullable(),
  both: z
    .object({ lights, lastNightKWh: kWh, weekBeforeKWh: kWh })
    .describe('Of the lights that are known in both nights: only these can be compared'),
})
export type NightEnergy = z.infer<typeof NightEnergy>
