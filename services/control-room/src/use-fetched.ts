// Something that the server tells when it is asked: asked for at once, again when the connection is back, at intervals
// where it may change by itself, and until there is an answer. What was told once stays until something newer comes.
import { useEffect, useEffectEvent, useState } from 'react'
import type { Reply } from './api/http.ts'
import { useRoom, useWatched } from './context.tsx'

export type Fetched<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'known'; readonly value: T }
  /** There is no such thing. */
  | { readonly state: 'missing' }
  /** The server did not answer, or not as it should. */
  | { readonly state: 'failed' }

const loading = { state: 'loading' } as const

interface FetchOptions {
  /** Another key is another thing. */
  key: string
  everyMs?: number
  /** When it becomes another, it is asked for at once; what was told stays meanwhile. */
  revision?: string
  /** It does not change: what was told is never asked for again. */
  once?: boolean
}

/** Real ms between two tries. */
const retryMs = 5_000

export function useFetched<T>(
  ask: () => Promise<Reply<T>>,
  { key, everyMs, revision, once = false }: FetchOptions,
): Fetched<T> {
  const isLive = useWatched(useRoom().connection).state === 'live'
  const [fetched, setFetched] = useState<{ key: string; result: Fetched<T> }>()

  const take = useEffectEvent(async (isWanted: () => boolean) => {
    const reply = await ask()
    if (!isWanted()) return
    if (reply.kind === 'answer') setFetched({ key, result: { state: 'known', value: reply.body } })
    else if (reply.kind === 'problem' && reply.status === 404) setFetched({ key, result: { state: 'missing' } })
    else setFetched((before) => (before?.key === key ? before : { key, result: { state: 'failed' } }))
  })

  const result = fetched?.key === key ? fetched.result : loading
  const intervalMs = result.state === 'failed' ? retryMs : everyMs
  const isSettled = useEffectEvent(() => once && result.state === 'known')
  useEffect(() => {
    if (isSettled()) return undefined
    let wanted = true
    const isWanted = () => wanted
    void take(isWanted)
    const timer = intervalMs === undefined ? undefined : setInterval(() => void take(isWanted), intervalMs)
    return () => {
      wanted = false
      clearInterval(timer)
    }
  }, [key, intervalMs, revision, isLive])

  return result
}
