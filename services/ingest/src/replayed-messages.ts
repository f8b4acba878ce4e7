// Dead letters that were sent again, as the historian meets them in the log: what came of each is written beside its
// letter, with the effects of its batch. Done twice, it says the same again.
import type { Write } from '@ronda/backbone/backbone'
import type { LogPlace } from '@ronda/contracts/record'
import type { Refusal } from './decode.ts'

export interface ReplayedMessage {
  /** The dead letter that it repeats. */
  letter: LogPlace
  /** Its own place in the log. */
  position: number
  /** Who sent it again, as records of the log name them. */
  by: string
}

interface Effects {
  rows: readonly { position: number }[]
  /** One for each object that was refused; also of rows that the store rejected. */
  letters: readonly { position: number; refusal: Refusal }[]
  /** ms UTC of stamped time. */
  at: number
}

/** The id of a dead letter. */
export function letterId({ position, n }: LogPlace): string {
  return `${position}.${n}`
}

export function writesOfReplays(replayed: readonly ReplayedMessage[], { rows, letters, at }: Effects): Write[] {
  if (replayed.length === 0) return []
  const rowsAt = Map.groupBy(rows, ({ position }) => position)
  const lettersAt = Map.groupBy(letters, ({ position }) => position)
  return replayed.map(({ letter, position, by }) => {
    const refused = lettersAt.get(position) ?? []
    const rejected = refused.filter(({ refusal }) => refusal.code === 'point_rejected')
    const stored = (rowsAt.get(position) ?? []).length - rejected.length
    const outcome = { at, by, stored, refused: refused.length, ...refused[0]?.refusal }
    return { bucket: 'dead-letter-replays', key: letterId(letter), value: outcome }
  })
}
