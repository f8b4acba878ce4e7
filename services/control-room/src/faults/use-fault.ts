// The opened fault: live from the store, with its trail fetched anew whenever it has changed. One that is not
// in the store (closed, or another agency's) is as the API tells it.
import type { Fault, FaultStory } from '@ronda/contracts/fault'
import { useRoom, useWatched } from '../context.tsx'
import { useFetched } from '../use-fetched.ts'

export interface OpenedFault {
  fault: Fault | undefined
  /** What is not told with every event; undefined until it has been fetched. */
  story: Omit<FaultStory, 'fault'> | undefined
  /** There is no such fault. */
  missing: boolean
}

export function useFault(id: string): OpenedFault {
  const { api, faults, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const told = useWatched(faults).get(id)
  const live = isLoaded ? told : undefined
  const fetched = useFetched(() => api.fetch(id), { key: id, revision: live?.revision })

  if (fetched.state === 'known') {
    const story = fetched.value
    const newest = live !== undefined && live.revision >= story.fault.revision ? live : story.fault
    return { fault: newest, story, missing: false }
  }
  return { fault: live, story: undefined, missing: fetched.state === 'missing' && isLoaded && live === undefined }
}
