// What the wall shows: what is wrong now, by the choice in its address. What is over and only waits for a signature is
// work for a desk.
import { useMemo } from 'react'
import { useRoom, useWatched } from '../context.tsx'
import { gatherFamilies } from '../faults/families.ts'
import type { Scene } from '../faults/survey.ts'

export function useWallScene(): Scene {
  const { faults, view, session, textOf } = useRoom()
  const all = useWatched(faults)
  const chosen = useWatched(view)
  return useMemo(() => {
    const standings = [...new Set([...chosen.standings, 'active' as const])]
    return { view: { ...chosen, standings }, families: gatherFamilies(all), person: session.name, textOf }
  }, [all, chosen, session.name, textOf])
}
