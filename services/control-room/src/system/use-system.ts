// How the system is, asked for again and again. When nobody answers, what was told last stays, with its time.
import type { SystemState } from '@ronda/contracts/system'
import { useEffect, useEffectEvent, useState } from 'react'
import { fetchSystem } from '../api/system.ts'
import { useRoom, useWatched } from '../context.tsx'

/** Real ms between two questions. */
const everyMs = 3_000

export interface SystemAnswer {
  readonly system: SystemState | undefined
  /** The last question had no answer: what is shown is not of now. */
  readonly failed: boolean
}

export function useSystem(): SystemAnswer {
  const isLive = useWatched(useRoom().connection).state === 'live'
  const [answer, setAnswer] = useState<SystemAnswer>({ system: undefined, failed: false })

  const ask = useEffectEvent(async (isWanted: () => boolean) => {
    const reply = await fetchSystem()
    if (!isWanted()) return
    if (reply.kind === 'answer') setAnswer({ system: reply.body, failed: false })
    else setAnswer(({ system }) => ({ system, failed: true }))
  })

  useEffect(() => {
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    // One question at a time: a slow answer is no reason to ask more.
    async function keepAsking(): Promise<void> {
      await ask(() => wanted)
      if (wanted) timer = setTimeout(() => void keepAsking(), everyMs)
    }
    void keepAsking()
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [isLive])

  return answer
}
