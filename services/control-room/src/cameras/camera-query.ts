// Which cameras are looked at, and how that stands in the address.
import { isStanding } from '../overview/standings.ts'
import type { CameraFilter } from './camera-tiles.ts'

/** Of an address's query; what it does not know it leaves out. */
export function parseCameras(query: string): CameraFilter {
  const params = new URLSearchParams(query)
  const standing = params.get('state') ?? ''
  return {
    search: params.get('search') ?? '',
    district: params.get('district') ?? undefined,
    standing: isStanding(standing) ? standing : undefined,
  }
}

/** With its question mark; empty for all. */
export function formatCameras({ search, district, standing }: CameraFilter): string {
  const params = new URLSearchParams()
  if (standing !== undefined) params.set('state', standing)
  if (district !== undefined) params.set('district', district)
  if (search !== '') params.set('search', search)
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}
