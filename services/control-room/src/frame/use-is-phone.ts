// Whether the page is one pane, as on a telephone; the sheets say the same.
import { useSyncExternalStore } from 'react'

const phoneQuery = '(max-width: 719px)'

export function useIsPhone(): boolean {
  return useSyncExternalStore(onPhoneChange, readIsPhone)
}

function onPhoneChange(listener: () => void): () => void {
  const query = matchMedia(phoneQuery)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

function readIsPhone(): boolean {
  return matchMedia(phoneQuery).matches
}
