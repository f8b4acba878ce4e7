// What is looked for among the devices, and how it stands in the address.
import { kinds } from '@ronda/contracts/device-kinds'
import type { DeviceKind } from '@ronda/contracts/topics'

export interface ListQuery {
  readonly search: string
  readonly kind: DeviceKind | undefined
  /** Slug. */
  readonly district: string | undefined
}

const isDeviceKind = (text: string): text is DeviceKind => Object.hasOwn(kinds, text)

/** Of an address's query; what it does not know it leaves out. */
export function parseListQuery(query: string): ListQuery {
  const params = new URLSearchParams(query)
  const kind = params.get('kind') ?? ''
  return {
    search: params.get('search') ?? '',
    kind: isDeviceKind(kind) ? kind : undefined,
    district: params.get('district') ?? undefined,
  }
}

/** With its question mark; empty for all devices. */
export function formatListQuery({ search, kind, district }: ListQuery): string {
  const params = new URLSearchParams()
  if (kind !== undefined) params.set('kind', kind)
  if (district !== undefined) params.set('district', district)
  if (search !== '') params.set('search', search)
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}
