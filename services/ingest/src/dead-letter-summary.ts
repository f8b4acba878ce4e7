// How many dead letters there are by reason, for whoever decides what to look into. It names nobody and shows nothing
// of what was sent.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Stream } from '@ronda/backbone/backbone'
import type { DeadLetterSummary, Replay } from '@ronda/contracts/dead-letter'
import { decodeDeadLetter, isReplayable } from './dead-letters.ts'
import { isStored } from './replay.ts'

const mostCounted = 20_000
const lettersPerTurn = 1_000

type Reason = DeadLetterSummary['reasons'][number]

/** The newest first, `mostCounted` at most. */
export async function summarise(stream: Stream, outcomes: ReadonlyMap<string, Replay>): Promise<DeadLetterSummary> {
  const reasons = new Map<string, Reason>()
  let counted = 0
  let newest: number | undefined
  let before: number | undefined
  let complete = false
  while (counted < mostCounted) {
    const entries = await stream.readLast(lettersPerTurn, before)
    newest ??= entries.at(-1)?.position
    before = entries[0]?.position
    if (before === undefined) {
      complete = true
      break
    }
    counted += entries.length
    for (const { record } of entries) {
      const letter = decodeDeadLetter(record)
      const { id, code, receivedAt } = letter
      const reason = reasons.get(code) ?? { code, count: 0, stored: 0, replayable: 0, lastAt: receivedAt }
      reason.count++
      if (isStored(outcomes.get(id))) reason.stored++
      else if (isReplayable(letter)) reason.replayable++
      reason.lastAt = Math.max(reason.lastAt, receivedAt)
      reasons.set(code, reason)
    }
    await nextTurn()
  }
  return {
    counted,
    complete,
    ...(newest === undefined ? {} : { newest: String(newest) }),
    reasons: [...reasons.values()].toSorted((a, b) => b.count - a.count),
  }
}
