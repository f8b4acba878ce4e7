import { useMemo } from 'react'
import { useRoom, useWatched } from '../context.tsx'
import { gatherFamilies } from '../faults/families.ts'
import { wholeView } from '../faults/view.ts'
import { type Marks, gatherMarks } from './marks.ts'

const none: Marks = { devices: new Map(), areas: new Map() }

/** The marks of the view as it is now. */
export function useMarks(): Marks {
  const { faults, view, session, textOf, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const all = useWatched(faults)
  const { districts, kinds, severities, standings, search, agency } = useWatched(view)
  return useMemo(() => {
    if (!isLoaded) return none
    const chosen = { ...view.get(), districts, kinds, severities, standings, search, agency }
    return gatherMarks({ view: chosen, families: gatherFamilies(all), person: session.name, textOf })
  }, [isLoaded, all, view, session.name, textOf, districts, kinds, severities, standings, search, agency])
}

/** The marks of all devices, whatever the view. */
export function useDeviceMarks(): Marks['devices'] {
  const { faults, session, textOf } = useRoom()
  const all = useWatched(faults)
  return useMemo(
    () => gatherMarks({ view: wholeView, families: gatherFamilies(all), person: session.name, textOf }).devices,
    [all, session.name, textOf],
  )
}
