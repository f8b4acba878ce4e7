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
  /** Another one is the same thing, changed since: it is asked for at once, and what was told stays meanwhile. */
  revision?: number | string | undefined
  everyMs?: number
  /** It does not change: what was told is never asked for again. */
  once?: boolean
}

/** Real ms between two tries. */
const retryMs = 5_000

export function useFetched<T>(
  ask: () => Promise<Reply<T>>,
  { key, revision, everyMs, once = false }: FetchOptions,
): Fetched<T> {
  const isLive = useWatched(useRoom().connection).state === 'live'
  const [fetched, setFetched] = useState<{ key: string; result: Fetched<T> }>()

  /** Whether there was an answer. */
  const take = useEffectEvent(async (isWanted: () => boolean): Promise<boolean> => {
    const reply = await ask()
    const isMissing = reply.kind === 'problem' && reply.status === 404
    if (!isWanted()) return true
    if (reply.kind === 'answer') setFetched({ key, result: { state: 'known', value: reply.body } })
    else if (isMissing) setFetched({ key, result: { state: 'missing' } })
    else setFetched((before) => (before?.key === key ? before : { key, result: { state: 'failed' } }))
    return reply.kind === 'answer' || isMissing
  })

  const result = fetched?.key === key ? fetched.result : loading
  const isSettled = useEffectEvent(() => once && result.state === 'known')
  useEffect(() => {
    if (isSettled()) return undefined
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    // One question at a time: a slow answer is no reason to ask more. The connection may be back, or live on, while
    // ingest is away: only another question tells that it is there again.
    async function keepAsking(): Promise<void> {
      const isAnswered = await take(() => wanted)
      const nextMs = isAnswered ? everyMs : Math.min(retryMs, everyMs ?? retryMs)
      if (wanted && nextMs !== undefined) timer = setTimeout(() => void keepAsking(), nextMs)
    }
    void keepAsking()
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [key, revision, everyMs, isLive])

  return result
}
