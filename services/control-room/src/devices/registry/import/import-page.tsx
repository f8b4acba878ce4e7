// Many devices from a file: chosen, looked at value by value, confirmed. Until then nothing is written.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useText } from '../../../context.tsx'
import { Link } from '../../../frame/link.tsx'
import { useShowTokens } from '../issued-tokens.tsx'
import { RegistryFrame } from '../registry-frame.tsx'
import { ChooseFile } from './choose-file.tsx'
import { FileRules } from './file-rules.tsx'
import { Preview } from './preview.tsx'
import { Unchecked } from './unchecked.tsx'
import { Working } from './working.tsx'
import { useImport } from './use-import.ts'

export function ImportPage() {
  const { importing: words } = useText()
  const showTokens = useShowTokens()
  const chosen = useImport(({ issued }) => showTokens(issued))
  const { file, step } = chosen
  return (
    <RegistryFrame title={words.title} className="import">
      {step.state === 'choosing' && (
        <div className="import-start">
          <ChooseFile chosen={chosen} />
          <FileRules />
        </div>
      )}
      {step.state === 'checking' && (
        <Working title={words.checking(file?.name ?? '')} meaning={words.checkingMeaning} />
      )}
      {step.state === 'unchecked' && <Unchecked chosen={chosen} refusal={step.refusal} />}
      {(step.state === 'previewed' || step.state === 'refused') && (
        <Preview chosen={chosen} preview={step.preview} refusal={step.state === 'refused' ? step.refusal : undefined} />
      )}
      {step.state === 'importing' && (
        <Working
          title={words.importing(step.preview.counts.registered + step.preview.counts.updated)}
          meaning={words.importingMeaning}
        />
      )}
      {step.state === 'done' && (
        <div className="import-done" role="status">
          <h3>{words.done}</h3>
          <p>
            {words.doneCounts(step.result.counts.registered, step.result.counts.updated, step.result.counts.unchanged)}
          </p>
          <div className="form-buttons">
            <Link className="button button-strong" href={pagePathOf({ section: 'devices' })}>
              {words.toDevices}
            </Link>
            <button type="button" className="button" onClick={chosen.startOver}>
              {words.other}
            </button>
          </div>
        </div>
      )}
    </RegistryFrame>
  )
}
