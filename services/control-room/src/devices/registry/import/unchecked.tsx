// The file could not be checked: why, and another try.
import type { Refusal } from '../../../api/http.ts'
import { useText } from '../../../context.tsx'
import { sayRegistryRefusal } from '../refusal.ts'
import type { Import } from './use-import.ts'

export function Unchecked({ chosen, refusal }: { chosen: Import; refusal: Refusal }) {
  const text = useText()
  const { importing: words, registry } = text
  return (
    <div className="import-done" role="alert">
      <h3>{words.checkFailed}</h3>
      <p>{sayRegistryRefusal(refusal, text, registry.unreachable)}</p>
      <div className="form-buttons">
        <button type="button" className="button button-strong" onClick={chosen.checkAgain}>
          {words.again}
        </button>
        <button type="button" className="button" onClick={chosen.startOver}>
          {words.other}
        </button>
      </div>
    </div>
  )
}
