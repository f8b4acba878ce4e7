// The dead letters of a filter, newest first and page by page, and how many there are by reason. Every look at them is
// audited, so they are fetched when they are asked for; only the counts are followed.
import type { DeadLetterSummary, ListedDeadLetter } from '@ronda/contracts/dead-letter'
import { useEffect, useEffectEvent, useState } from 'react'
import { fetchLetterSummary, listLetters } from '../../api/system.ts'
import { useRoom, useWatched } from '../../context.tsx'
import { useFetched } from '../../use-fetched.ts'
import type { LettersView } from './letters-address.ts'

const pageSize = 100
/** Real ms between two looks at the counts. */
const countEveryMs = 5_000
/** Real ms between two tries. */
const retryMs = 3_000

interface Listed {
  readonly key: string
  readonly letters: readonly ListedDeadLetter[]
  readonly next: string | undefined
  readonly state: 'known' | 'failed'
}

export interface Letters {
  readonly state: 'loading' | 'known' | 'failed'
  readonly letters: readonly ListedDeadLetter[]
  readonly summary: DeadLetterSummary | undefined
  /** Fetches the next page; undefined at the end. */
  readonly more: (() => void) | undefined
  /** Looks again, from the newest on. */
  reload(): void
}

export function useLetters({ code, device }: LettersView): Letters {
  const isLive = useWatched(useRoom().connection).state === 'live'
  const key = `${code ?? ''} ${device ?? ''}`
  const [listed, setListed] = useState<Listed>()
  const [round, setRound] = useState(0)
  const counts = useFetched(fetchLetterSummary, { key: String(round), everyMs: countEveryMs })
  const [summary, setSummary] = useState<DeadLetterSummary>()
  if (counts.state === 'known' && counts.value !== summary) setSummary(counts.value)

  const load = useEffectEvent(async (cursor: string | undefined, isWanted: () => boolean) => {
    const reply = await listLetters({ code, device, cursor, limit: pageSize })
    if (!isWanted()) return
    const before = listed?.key === key ? listed : undefined
    if (reply.kind !== 'answer') {
      setListed({ key, letters: before?.letters ?? [], next: before?.next, state: 'failed' })
      return
    }
    const { deadLetters, next } = reply.body
    const letters = cursor === undefined ? deadLetters : [...(before?.letters ?? []), ...deadLetters]
    setListed({ key, letters, next, state: 'known' })
  })

  useEffect(() => {
    let wanted = true
    void load(undefined, () => wanted)
    return () => {
      wanted = false
    }
  }, [key, round, isLive])

  const here = listed?.key === key ? listed : undefined
  const hasFailed = here?.state === 'failed'

  // The connection may live on while ingest is away: nothing else would tell that it is back.
  useEffect(() => {
    if (!hasFailed) return undefined
    let wanted = true
    const timer = setInterval(() => void load(undefined, () => wanted), retryMs)
    return () => {
      wanted = false
      clearInterval(timer)
    }
  }, [key, hasFailed])

  const next = here?.next
  return {
    state: here?.state ?? 'loading',
    letters: here?.letters ?? [],
    summary,
    more: next === undefined ? undefined : () => void load(next, () => true),
    reload: () => setRound((n) => n + 1),
  }
}
