// What fanout says about the city it serves.
import type { DistrictCollection } from '@ronda/contracts/city'
import type { PageConfig, PublicConfig } from '@ronda/contracts/page-config'
import { type Reply, request } from './http.ts'

/** With a session it is all of it. */
export function fetchConfig(): Promise<Reply<PublicConfig & Partial<PageConfig>>> {
  return request('/config.json')
}

export function fetchDistricts(): Promise<Reply<DistrictCollection>> {
  return request('/districts.geojson', { cache: 'no-cache' })
}
