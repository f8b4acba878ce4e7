// A new token for a device: when the old one ends, and then the new one, once.
import type { Device } from '@ronda/contracts/device'
import { useState } from 'react'
import type { Refusal } from '../../api/http.ts'
import { issueToken } from '../../api/registry.ts'
import { useText } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import { useShowTokens } from './issued-tokens.tsx'
import { sayRegistryRefusal } from './refusal.ts'

const daysS = 24 * 3_600
const overlapsS = { now: 0, day: daysS, week: 7 * daysS, month: 30 * daysS } as const
type Overlap = keyof typeof overlapsS
// The keys are those of the object above.
const overlaps = Object.keys(overlapsS) as Overlap[]

export function NewTokenDialog({ device: { id, name }, onClose }: { device: Device; onClose: () => void }) {
  const text = useText()
  const { newToken: words, registry } = text
  const showTokens = useShowTokens()
  const [overlap, setOverlap] = useState<Overlap>('now')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isAsking, setAsking] = useState(false)

  async function issue(close: () => void): Promise<void> {
    setAsking(true)
    const reply = await issueToken(id, overlapsS[overlap])
    setAsking(false)
    if (reply.kind !== 'answer') {
      setRefusal(reply)
      return
    }
    close()
    showTokens([reply.body])
  }

  return (
    <Dialog title={words.title(name)} className="ask" focus="input:checked" onClose={onClose}>
      {(close) => (
        <form
          className="ask-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (!isAsking) void issue(close)
          }}
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
          {refusal !== undefined && (
            <p className="form-problem" role="alert">
              {sayRegistryRefusal(refusal, text)}
            </p>
          )}
          <div className="ask-foot">
            <button type="button" className="button" onClick={close}>
              {registry.cancel}
            </button>
            <button type="submit" className="button button-strong" disabled={isAsking}>
              {words.issue}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
