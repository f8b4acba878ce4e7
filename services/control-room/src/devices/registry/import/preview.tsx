// What the import would do, to be looked through and confirmed.
import type { ImportOutcome, ImportPreview } from '@ronda/contracts/device-import'
import { useMemo, useState } from 'react'
import type { Refusal } from '../../../api/http.ts'
import { useRoom, useText, useWording } from '../../../context.tsx'
import { Chip } from '../../../frame/chip.tsx'
import { saveFile, toCsv } from '../save-file.ts'
import { VirtualList } from '../virtual-list.tsx'
import { Confirmation } from './confirmation.tsx'
import { sayProblem } from './problem-words.ts'
import { PreviewRow, ProblemRow } from './preview-rows.tsx'
import { RowDetail } from './row-detail.tsx'
import type { Import } from './use-import.ts'

type Shown = 'all' | ImportOutcome | 'problems'

export interface PreviewProps {
  chosen: Import
  preview: ImportPreview
  /** Of the import, which was tried. */
  refusal: Refusal | undefined
}

export function Preview({ chosen, preview, refusal }: PreviewProps) {
  const { text, locale } = useWording()
  const { importing: words } = text
  const { counts, problems, problemCount, devices } = preview
  const [shown, setShown] = useState<Shown>(() => firstShown(preview))
  const [selected, setSelected] = useState<number>()
  const rows = useMemo(
    () => (shown === 'all' ? devices : devices.filter(({ outcome }) => outcome === shown)),
    [devices, shown],
  )
  const tabs: [Shown, string, number][] = [
    ['all', words.all, devices.length],
    ['registered', words.outcomes.registered, counts.registered],
    ['updated', words.outcomes.updated, counts.updated],
    ['unchanged', words.outcomes.unchanged, counts.unchanged],
  ]
  if (problemCount > 0) tabs.push(['problems', words.problems, problemCount])
  const row = selected === undefined ? undefined : rows[selected]
  return (
    <div className="import-preview">
      <div className="import-head">
        <p className="import-file">
          <strong>{chosen.file?.name}</strong>
        </p>
        <div className="import-tabs" role="group" aria-label={words.rowsShown}>
          {tabs.map(([tab, label, count]) => (
            <Chip
              key={tab}
              isOn={shown === tab}
              className={tab === 'problems' ? 'chip-problems' : ''}
              onClick={() => {
                setShown(tab)
                setSelected(undefined)
              }}
            >
              {label}
              <span className="count">{count.toLocaleString(locale)}</span>
            </Chip>
          ))}
        </div>
        <span className="spring" />
        {problemCount > 0 && <SaveProblems problems={problems} />}
        <button type="button" className="button" onClick={chosen.startOver}>
          {words.other}
        </button>
      </div>
      <div className={`import-panes${shown === 'problems' ? ' import-one-pane' : ''}`}>
        {shown === 'problems' ? (
          <div className="import-table">
            <ListHead heads={[words.lineHead, words.columnHead, words.wrongHead, words.remedyHead]} />
            <VirtualList key={shown} label={words.problems} className="import-list" items={problems}>
              {(problem) => <ProblemRow problem={problem} />}
            </VirtualList>
          </div>
        ) : rows.length === 0 ? (
          <p className="import-none">{words.noRows}</p>
        ) : (
          <div className="import-table">
            <ListHead heads={[words.lineHead, words.outcomeHead, words.deviceHead, words.changesHead]} />
            <VirtualList
              key={shown}
              label={words.rows}
              className="import-list"
              items={rows}
              selected={selected}
              onSelect={setSelected}
            >
              {(device) => <PreviewRow device={device} />}
            </VirtualList>
          </div>
        )}
        {shown !== 'problems' && <RowDetail device={row} />}
      </div>
      <Confirmation chosen={chosen} preview={preview} refusal={refusal} />
    </div>
  )
}

/** What needs somebody first. */
function firstShown({ problemCount, counts }: ImportPreview): Shown {
  if (problemCount > 0) return 'problems'
  return counts.updated > 0 && counts.registered === 0 ? 'updated' : 'all'
}

/** For the eye: whoever reads by ear hears each row as a whole. */
function ListHead({ heads }: { heads: readonly string[] }) {
  return (
    <div className="import-list-head" aria-hidden="true">
      {heads.map((head) => (
        <span key={head}>{head}</span>
      ))}
    </div>
  )
}

function SaveProblems({ problems }: Pick<ImportPreview, 'problems'>) {
  const { city } = useRoom()
  const text = useText()
  const { importing: words } = text

  function save(): void {
    const head = [words.lineHead, words.columnHead, words.cellHead, words.wrongHead, words.remedyHead]
    const rows = problems.map((problem) => {
      const { wrong, remedy } = sayProblem(problem, text, city)
      return [problem.line, problem.column, problem.cell, wrong, remedy]
    })
    saveFile('ronda-import-problems.csv', toCsv([head, ...rows]))
  }

  return (
    <button type="button" className="button import-save" onClick={save}>
      {words.saveProblems}
    </button>
  )
}
