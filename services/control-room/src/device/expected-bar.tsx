// A value within, or outside of, what is expected: a band on a scale, and the value as a stroke on it.
import type { ExpectedRange } from '@ronda/contracts/history'
import { useText } from '../context.tsx'
import { type EvidenceWords, formatField } from '../format/evidence.ts'
import { placeOnScale } from './expected-scale.ts'

export interface ExpectedBarProps {
  field: string
  value: number | boolean | string | undefined
  range: ExpectedRange | undefined
  format: EvidenceWords
}

export function ExpectedBar({ field, value, range, format }: ExpectedBarProps) {
  const { device: words } = useText()
  if (range === undefined || typeof value !== 'number') return null
  const { from, to, at, isOutside } = placeOnScale(value, range)
  const { low, high } = range
  const [lowest, highest] = [low, high].map((end) => (end === undefined ? undefined : formatField(field, end, format)))
  const meaning =
    lowest === undefined
      ? words.expectedTo(highest ?? '')
      : highest === undefined
        ? words.expectedFrom(lowest)
        : words.expected(lowest, highest)
  return (
    <>
      <span className={isOutside ? 'expected expected-outside' : 'visually-hidden'}>{meaning}</span>
      <span className="expected-bar" title={meaning} aria-hidden="true">
        <span className="expected-band" style={{ left: `${from * 100}%`, right: `${(1 - to) * 100}%` }} />
        <span className="expected-at" style={{ left: `${at * 100}%` }} />
      </span>
    </>
  )
}
