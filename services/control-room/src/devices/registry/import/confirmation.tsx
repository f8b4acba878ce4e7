// The foot of the preview: what confirming does, or why it cannot be confirmed and what to do.
import type { ImportPreview } from '@ronda/contracts/device-import'
import { useId } from 'react'
import type { Refusal } from '../../../api/http.ts'
import { useText } from '../../../context.tsx'
import type { Text } from '../../../text/en.ts'
import { sayRegistryRefusal } from '../refusal.ts'
import type { Import } from './use-import.ts'

export interface ConfirmationProps {
  chosen: Import
  preview: ImportPreview
  refusal: Refusal | undefined
}

export function Confirmation({ chosen, preview, refusal }: ConfirmationProps) {
  const text = useText()
  const { importing: words } = text
  const { counts, tokens, problemCount, problems } = preview
  const reissueId = useId()
  const isNothing = counts.registered + counts.updated === 0
  const isListed = problems.length === problemCount
  return (
    <footer className="import-foot">
      {refusal !== undefined && (
        <p className="form-problem" role="alert">
          {sayImportRefusal(refusal, text)}
        </p>
      )}
      {problemCount > 0 ? (
        <p className="form-problem" role="status">
          {words.cannot(problemCount)} {!isListed && words.notAll(problems.length)}
        </p>
      ) : (
        <div className="import-choice">
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.reissue}
              aria-describedby={reissueId}
              onChange={({ target }) => chosen.setReissue(target.checked)}
            />
            {words.reissue}
          </label>
          <p className="hint" id={reissueId}>
            {words.reissueMeaning}
          </p>
        </div>
      )}
      <div className="import-confirm">
        {problemCount === 0 && (
          <p role="status">{isNothing ? words.nothingToDo : tokens > 0 && words.tokensAhead(tokens)}</p>
        )}
        {refusal === undefined ? (
          <button
            type="button"
            className="button button-strong"
            disabled={problemCount > 0 || isNothing}
            onClick={chosen.confirm}
          >
            {isNothing || problemCount > 0
              ? text.registry.import
              : words.importNow(words.confirm(counts.registered, counts.updated))}
          </button>
        ) : (
          <button type="button" className="button button-strong" onClick={chosen.checkAgain}>
            {words.again}
          </button>
        )}
      </div>
    </footer>
  )
}

function sayImportRefusal(refusal: Refusal, text: Text): string {
  const { importing: words } = text
  if (refusal.kind === 'problem' && refusal.problem.code === 'revision_conflict') return words.changedSince
  if (refusal.kind === 'problem' && refusal.problem.code === 'validation_failed') return words.refused
  return sayRegistryRefusal(refusal, text, words.lost)
}
