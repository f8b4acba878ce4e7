// What has happened to a fault, in words: who, when and why, the newest first.
import type { TrailEntry } from '@ronda/contracts/fault'
import { useRoom, useText, useTimes } from '../context.tsx'
import { Moment } from './age.tsx'

function wordsOf(note: string, notes: Readonly<Record<string, string>>): string {
  return Object.hasOwn(notes, note) ? (notes[note] ?? note) : note
}

export function FaultTrail({ trail }: { trail: readonly TrailEntry[] }) {
  const text = useText()
  const times = useTimes()
  const { clock } = useRoom()
  const momentOf = (at: number | undefined) => (at === undefined ? undefined : times.moment(at, clock.now()))
  if (trail.length === 0) return null
  return (
    <section className="detail-section">
      <h3>{text.detail.trail}</h3>
      <ol className="trail">
        {trail.toReversed().map((entry, i) => (
          <li key={trail.length - i}>
            <Moment at={entry.at} />
            <span>
              {text.trail[entry.event](entry.by, entry.assignee ?? momentOf(entry.until))}
              {entry.note !== undefined && <span className="trail-note">{wordsOf(entry.note, text.notes)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
