// What was kept of a dead letter, bounded at first: declared fields as JSON, or the first bytes as text or in
// hexadecimal. It is for administrators; others are told that.
import type { ListedDeadLetter } from '@ronda/contracts/dead-letter'
import { useState } from 'react'
import { useMay, useText } from '../../context.tsx'
import { useFigures } from '../figures.ts'
import { hexDump } from './hex.ts'

const mostCharacters = 4_000
/** What is kept of a message that is no JSON. */
const excerptBytes = 1_024

export function Payload({ letter }: { letter: ListedDeadLetter }) {
  const { deadLetter: words } = useText()
  const mayRead = useMay()('readDeadLetterContent')
  const figures = useFigures()
  const [isWhole, setWhole] = useState(false)
  const { objects, raw, undeclaredKeys = [] } = letter
  const text = textOf(letter)
  const shown = isWhole ? text : text?.slice(0, mostCharacters)
  return (
    <section className="detail-section">
      <h4 className="letter-payload-title">
        {words.payload}
        {objects !== undefined && <span className="hint">{words.objects(figures.count(objects.length))}</span>}
        {raw !== undefined && <span className="hint">{words.bytes(figures.count(raw.bytes))}</span>}
      </h4>
      {!mayRead && <p className="hint">{words.payloadDenied}</p>}
      {mayRead && text === undefined && <p className="hint">{words.nothingKept}</p>}
      {shown !== undefined && (
        <pre className="letter-payload" tabIndex={0}>
          {shown}
          {text !== shown && '…'}
        </pre>
      )}
      {raw !== undefined && raw.bytes > excerptBytes && text !== undefined && (
        <p className="hint">{words.cut(figures.count(excerptBytes))}</p>
      )}
      {text !== shown && (
        <button type="button" className="button button-small" onClick={() => setWhole(true)}>
          {words.wholePayload}
        </button>
      )}
      {raw !== undefined && (
        <p className="letter-print">
          {words.fingerprint} <code>{raw.sha256}</code>
        </p>
      )}
      {undeclaredKeys.length > 0 && (
        <p className="letter-undeclared">
          {words.undeclared}:{' '}
          {undeclaredKeys.map((key) => (
            <code key={key}>{key}</code>
          ))}
        </p>
      )}
    </section>
  )
}

function textOf({ object, objects, raw }: ListedDeadLetter): string | undefined {
  if (object !== undefined) return JSON.stringify(object, null, 2)
  if (objects?.length === 0) return '[]'
  if (objects !== undefined) return `[\n${objects.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]`
  return raw?.hex === undefined ? raw?.text : hexDump(raw.hex)
}
