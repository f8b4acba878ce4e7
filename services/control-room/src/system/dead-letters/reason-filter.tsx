// The reasons with how many there are of each, to choose one; and what can be done with all of the chosen one.
import type { DeadLetterSummary } from '@ronda/contracts/dead-letter'
import { useMay, useText } from '../../context.tsx'
import { Chip } from '../../frame/chip.tsx'
import { CloseIcon } from '../../frame/icons.tsx'
import { useFigures } from '../figures.ts'
import type { LettersView } from './letters-address.ts'

export interface ReasonFilterProps {
  view: LettersView
  summary: DeadLetterSummary | undefined
  /** Cursor of the newest that is shown. */
  newest: string | undefined
  onChange: (part: Partial<LettersView>) => void
  onReload: () => void
  onReplay: () => void
}

export function ReasonFilter({ view, summary, newest, onChange, onReload, onReplay }: ReasonFilterProps) {
  const { deadLetter: words } = useText()
  const mayDo = useMay()
  const figures = useFigures()
  const reasons = summary?.reasons ?? []
  const chosen = reasons.find(({ code }) => code === view.code)
  const open = chosen?.replayable ?? 0
  const isOutdated = view.code === undefined && view.device === undefined && summary?.newest !== newest
  return (
    <search className="filters" aria-label={words.filters}>
      <Chip isOn={view.code === undefined} onClick={() => onChange({ code: undefined })}>
        {words.everyReason}
        {summary !== undefined && (
          <span className="count" title={summary.complete ? undefined : words.counted(figures.count(summary.counted))}>
            {figures.count(summary.counted)}
            {summary.complete ? '' : '+'}
          </span>
        )}
      </Chip>
      {reasons.map(({ code, count }) => (
        <Chip
          key={code}
          isOn={view.code === code}
          title={code}
          onClick={() => onChange({ code: view.code === code ? undefined : code })}
        >
          {words.reason[code].title}
          <span className="count">{figures.count(count)}</span>
        </Chip>
      ))}
      {view.device !== undefined && (
        <button type="button" className="chip chip-on" onClick={() => onChange({ device: undefined })}>
          {view.device}
          <CloseIcon />
          <span className="visually-hidden">{words.showAll}</span>
        </button>
      )}
      <span className="spring" />
      {newest !== undefined && isOutdated && (
        <button type="button" className="button button-small" onClick={onReload}>
          {words.refresh}
        </button>
      )}
      {mayDo('readDeadLetterContent') && open > 0 && (
        <button type="button" className="button button-small" onClick={onReplay}>
          {words.replayAll(figures.count(open))}
        </button>
      )}
    </search>
  )
}
