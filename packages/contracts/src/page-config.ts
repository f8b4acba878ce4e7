// `GET /config.json` of fanout: what the page must know before it asks the API for anything.
import type { CityProfile } from './city.ts'

/** For everyone: what the sign-in screen shows. */
export interface PublicConfig {
  readonly city: Pick<CityProfile, 'slug' | 'name' | 'timeZone'>
  /** Stamped time is simulated. */
  readonly simulated: boolean
  /** Stamped ms that pass in one real ms. */
  readonly timeScale: number
}

/** For those who have signed in. */
export interface PageConfig extends PublicConfig {
  readonly version: string
  readonly agencies: CityProfile['agencies']
  readonly districts: readonly { slug: string; name: string }[]
  /** Whose data the districts' boundaries are. */
  readonly attribution: string
  /** Style under the map's own layers. */
  readonly mapStyleUrl?: string
}
