// Sends all dead letters of a reason again, a piece at a time, and adds up what came of it.
import type { DeadLetterCode, ReplayResult } from '@ronda/contracts/dead-letter'
import { useEffect, useRef, useState } from 'react'
import { replayLetters } from '../../api/system.ts'
import { addResults, noResult } from './results.ts'

type ReplayState = 'asking' | 'running' | 'done' | 'stopped' | 'failed'

export interface ReplayAll {
  readonly state: ReplayState
  /** So far. */
  readonly result: ReplayResult
  start(): void
  stop(): void
}

export function useReplayAll(code: DeadLetterCode, until: string | undefined): ReplayAll {
  const [state, setState] = useState<ReplayState>('asking')
  const [result, setResult] = useState(noResult)
  const isWanted = useRef(true)

  useEffect(() => {
    isWanted.current = true
    return () => {
      isWanted.current = false
    }
  }, [])

  async function run(): Promise<void> {
    setState('running')
    let from: string | undefined
    do {
      const bounds = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
      const reply = await replayLetters({ code, ...bounds })
      if (reply.kind !== 'answer') {
        setState('failed')
        return
      }
      setResult((before) => addResults(before, reply.body))
      from = reply.body.next
    } while (from !== undefined && isWanted.current)
    setState(from === undefined ? 'done' : 'stopped')
  }

  return {
    state,
    result,
    start: () => void run(),
    stop() {
      isWanted.current = false
    },
  }
}
