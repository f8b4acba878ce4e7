// What of the registry is shown instead of the devices themselves, as it stands in the address. In its query, because
// any word after /devices/ may be the id of a device.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useMemo } from 'react'
import { useRoom, useWatched } from '../../context.tsx'

export type RegistryView =
  | { readonly view: 'import' }
  | { readonly view: 'pending' }
  | { readonly view: 'new' }
  /** Of a device. */
  | { readonly view: 'edit'; readonly id: string }
  /** Of one that is pending. */
  | { readonly view: 'approve'; readonly id: string }

export function registryPathOf(shown: RegistryView): string {
  if (shown.view === 'edit') return `${pagePathOf({ section: 'devices', id: shown.id })}?view=edit`
  const query = new URLSearchParams({ view: shown.view, ...('id' in shown ? { id: shown.id } : {}) })
  return `${pagePathOf({ section: 'devices' })}?${query}`
}

/** `id`: of the device that the path names; undefined: the devices themselves are shown. */
export function parseRegistryView(query: string, id: string | undefined): RegistryView | undefined {
  const params = new URLSearchParams(query)
  const view = params.get('view')
  if (id !== undefined) return view === 'edit' ? { view, id } : undefined
  if (view === 'import' || view === 'pending' || view === 'new') return { view }
  const pending = params.get('id')
  return view === 'approve' && pending !== null ? { view, id: pending } : undefined
}

export function useRegistryView(id: string | undefined): RegistryView | undefined {
  const { query } = useWatched(useRoom().address)
  return useMemo(() => parseRegistryView(query, id), [query, id])
}
