// A new token for a device: when the old one ends, and then the new one, once.
import type { Device } from '@ronda/contracts/device'
import { useState } from 'react'
import { issueToken } from '../../api/registry.ts'
import { useText } from '../../context.tsx'
import { useShowTokens } from './issued-tokens.tsx'
import { Question } from './question.tsx'

const daysS = 24 * 3_600
const overlapsS = { now: 0, day: daysS, week: 7 * daysS, month: 30 * daysS } as const
type Overlap = keyof typeof overlapsS
// The keys are those of the object above.
const overlaps = Object.keys(overlapsS) as Overlap[]

export function NewTokenDialog({ device: { id, name }, onClose }: { device: Device; onClose: () => void }) {
  const { newToken: words } = useText()
  const showTokens = useShowTokens()
  const [overlap, setOverlap] = useState<Overlap>('now')
  return (
    <Question
      title={words.title(name)}
      focus="input:checked"
      submit={words.issue}
      ask={() => issueToken(id, overlapsS[overlap])}
      onDone={(token) => showTokens([token])}
      onClose={onClose}
    >
      <p>{words.meaning}</p>
      <fieldset className="ask-field">
        <legend>{words.old}</legend>
        {overlaps.map((each) => (
          <label key={each} className="check">
            <input type="radio" name="overlap" checked={overlap === each} onChange={() => setOverlap(each)} />
            {words.overlaps[each]}
          </label>
        ))}
      </fieldset>
    </Question>
  )
}
