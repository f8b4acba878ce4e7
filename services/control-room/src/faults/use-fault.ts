// The opened fault: live from the store, with its trail fetched anew whenever it has changed. One that is not
// in the store (closed, or another agency's) is as the API tells it.
import type { Fault, FaultStory } from '@ronda/contracts/fault'
import { useEffect, useState } from 'react'
import { useRoom, useWatched } from '../context.tsx'

export interface OpenedFault {
  fault: Fault | undefined
  /** What is not told with every event; undefined until it has been fetched. */
  story: Omit<FaultStory, 'fault'> | undefined
  /** There is no such fault. */
  missing: boolean
}

type Fetched = { id: string; story: FaultStory | undefined }

export function useFault(id: string): OpenedFault {
  const { api, faults, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const told = useWatched(faults).get(id)
  const live = isLoaded ? told : undefined
  const [fetched, setFetched] = useState<Fetched>()
  const revision = live?.revision

  useEffect(() => {
    if (!isLoaded) return undefined
    let current = true
    void api.fetch(id).then((reply) => {
      if (!current) return
      if (reply.kind === 'answer') setFetched({ id, story: reply.body })
      // Anything but a clear no leaves what is known.
      else if (reply.kind === 'problem' && reply.status === 404) setFetched({ id, story: undefined })
    })
    return () => {
      current = false
    }
  }, [api, id, revision, isLoaded])

  if (fetched?.id !== id) return { fault: live, story: undefined, missing: false }
  const { story } = fetched
  if (story === undefined) return { fault: live, story, missing: live === undefined }
  const newest = live !== undefined && live.revision >= story.fault.revision ? live : story.fault
  return { fault: newest, story, missing: false }
}
