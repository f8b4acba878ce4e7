// Sends one dead letter again and says what came of it.
import type { ReplayResult } from '@ronda/contracts/dead-letter'
import { useState } from 'react'
import { replayLetters } from '../../api/system.ts'
import { useRoom } from '../../context.tsx'
import type { Text } from '../../text/en.ts'

type Outcome = keyof Text['deadLetter']['outcome']

export function useReplayOne(cursor: string, onReplayed: () => void): { isSending: boolean; send: () => void } {
  const { notices } = useRoom()
  const [isSending, setSending] = useState(false)

  async function replay(): Promise<void> {
    setSending(true)
    const reply = await replayLetters({ cursors: [cursor] })
    setSending(false)
    const outcome = reply.kind === 'answer' ? outcomeOf(reply.body) : 'failed'
    const tone = outcome === 'accepted' || outcome === 'already' ? 'plain' : 'problem'
    notices.say({ tone, saying: ({ deadLetter: words }) => words.outcome[outcome] })
    onReplayed()
  }

  return { isSending, send: () => void replay() }
}

function outcomeOf({ accepted, already, refused, waiting }: ReplayResult): Outcome {
  if (accepted > 0) return 'accepted'
  if (already > 0) return 'already'
  if (waiting > 0) return 'waiting'
  return refused > 0 ? 'refused' : 'failed'
}
