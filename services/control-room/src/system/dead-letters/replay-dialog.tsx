// All dead letters of a reason, sent again: asked for once, then piece by piece with what came of it so far. Closing it
// stops after the piece that is under way.
import type { DeadLetterCode, ReplayResult } from '@ronda/contracts/dead-letter'
import { useText } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import { useFigures } from '../figures.ts'
import { useReplayAll } from './use-replay-all.ts'

export interface ReplayDialogProps {
  code: DeadLetterCode
  count: number
  /** Cursor of the last that is meant. */
  until: string | undefined
  onClose: () => void
}

export function ReplayDialog({ code, count, until, onClose }: ReplayDialogProps) {
  const { deadLetter: words } = useText()
  const figures = useFigures()
  const { state, result, start, stop } = useReplayAll(code, until)
  return (
    <Dialog title={words.replayTitle} className="replay" focus=".button" onClose={onClose}>
      {(close) => (
        <>
          <p className="replay-what">{words.replayWhat(figures.count(count), words.reason[code].title)}</p>
          {state === 'asking' && (
            <>
              <p>{words.replayAsk}</p>
              <p>{words.replayMend}</p>
            </>
          )}
          {state !== 'asking' && <Outcome result={result} isRunning={state === 'running'} />}
          {state === 'stopped' && <p role="status">{words.stopped}</p>}
          {state === 'failed' && (
            <p className="form-problem" role="alert">
              {words.replayFailed}
            </p>
          )}
          <div className="form-buttons">
            {state === 'asking' && (
              <>
                <button type="button" className="button button-strong" onClick={start}>
                  {words.start}
                </button>
                <button type="button" className="button" onClick={close}>
                  {words.cancel}
                </button>
              </>
            )}
            {state === 'running' && (
              <button type="button" className="button" onClick={stop}>
                {words.stop}
              </button>
            )}
            {state !== 'asking' && state !== 'running' && (
              <button type="button" className="button button-strong" onClick={close}>
                {words.done}
              </button>
            )}
          </div>
        </>
      )}
    </Dialog>
  )
}

function Outcome({ result, isRunning }: { result: ReplayResult; isRunning: boolean }) {
  const { deadLetter: words } = useText()
  const figures = useFigures()
  const { accepted, already, reasons, refused, replayed, skipped, waiting } = result
  const counts: [name: string, count: number][] = [
    [words.accepted, accepted],
    [words.again, refused],
    [words.waits, waiting],
    [words.already, already],
    [words.skipped, skipped],
  ]
  return (
    <div role="status" aria-label={words.result}>
      {isRunning && <p className="hint">{words.progress(figures.count(replayed))}</p>}
      <dl className="replay-counts">
        {counts
          .filter(([name, count]) => count > 0 || name === words.accepted)
          .map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{figures.count(count)}</dd>
            </div>
          ))}
        {reasons.map(({ code, count }) => (
          <div key={code} className="replay-reason">
            <dt>{words.reason[code].title}</dt>
            <dd>{figures.count(count)}</dd>
          </div>
        ))}
      </dl>
      {waiting > 0 && <p className="hint">{words.waitsMeaning}</p>}
    </div>
  )
}
