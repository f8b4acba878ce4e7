import { type PageRoute, parsePagePath } from '@ronda/contracts/page-routes'
import { useMemo } from 'react'
import { useRoom, useWatched } from './context.tsx'

/** Where in the room this is; undefined where there is nothing. */
export function useRoute(): PageRoute | undefined {
  const { path } = useWatched(useRoom().address)
  return useMemo(() => parsePagePath(path), [path])
}
