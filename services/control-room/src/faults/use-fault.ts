// The opened fault: live from the store, with its trail fetched anew whenever it has changed. One that is not
// in the store (closed, or another agency's) is as the API tells it.
import type { Fault, TrailEntry } from '@ronda/contracts/fault'
import { useEffect, useState } from 'react'
import { useRoom, useWatched } from '../context.tsx'

export interface OpenedFault {
  fault: Fault | undefined
  /** Oldest first; empty until it has been fetched. */
  trail: readonly TrailEntry[]
  /** There is no such fault. */
  missing: boolean
}

type Fetched = { id: string; fault: Fault; trail: readonly TrailEntry[] } | { id: string; fault: undefined }

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
      if (reply.kind === 'answer') setFetched({ id, ...reply.body })
      // Anything but a clear no leaves what is known.
      else if (reply.kind === 'problem' && reply.status === 404) setFetched({ id, fault: undefined })
    })
    return () => {
      current = false
    }
  }, [api, id, revision, isLoaded])

  if (fetched?.id !== id) return { fault: live, trail: [], missing: false }
  if (fetched.fault === undefined) return { fault: live, trail: [], missing: live === undefined }
  const newest = live !== undefined && live.revision >= fetched.fault.revision ? live : fetched.fault
  return { fault: newest, trail: fetched.trail, missing: false }
}
