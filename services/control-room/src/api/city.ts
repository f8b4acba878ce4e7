// What fanout says about the city it serves, `/config.json`. Whoever has not signed in gets the first part.
import type { CityProfile } from '@ronda/contracts/city'
import { type Reply, request } from './http.ts'

export interface PublicConfig {
  readonly city: Pick<CityProfile, 'slug' | 'name' | 'timeZone'>
  readonly simulated: boolean
  /** Stamped ms that pass in one real ms. */
  readonly timeScale: number
}

export interface CityConfig extends PublicConfig {
  readonly version: string
  readonly agencies: CityProfile['agencies']
  readonly districts: readonly { slug: string; name: string }[]
}

/** With a session it is all of it. */
export function fetchConfig(): Promise<Reply<PublicConfig & Partial<CityConfig>>> {
  return request('/config.json')
}
