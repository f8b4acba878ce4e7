// What physics is asked about: one city's sun and nights, the same for all of its devices.
import type { CityProfile } from '@ronda/contracts/city'
import { type Nights, createNights } from './night.ts'
import { type Sun, createSun } from './sun.ts'

export interface World {
  sun: Sun
  nights: Nights
  nominalVoltageV: number
}

export function createWorld({ centre, nominalVoltageV }: CityProfile, seed: number): World {
  const sun = createSun(centre, seed)
  return { sun, nights: createNights(centre, sun), nominalVoltageV }
}
