// Where a file is chosen or dropped.
import { type DragEvent, useRef, useState } from 'react'
import { useText } from '../../../context.tsx'
import type { Import } from './use-import.ts'

export function ChooseFile({ chosen: { step, choose } }: { chosen: Import }) {
  const { importing: words } = useText()
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const problem = step.state === 'choosing' ? step.problem : undefined
  const name = step.state === 'choosing' ? (step.name ?? '') : ''

  function take(files: FileList | null): void {
    const [file] = files ?? []
    if (file !== undefined) choose(file)
  }

  function onDrop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }

  return (
    <section
      className={`import-drop${isOver ? ' import-drop-over' : ''}`}
      aria-label={words.file}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <input
        ref={input}
        // The button says it all: to whoever reads by ear this would be a second one.
        hidden
        type="file"
        accept=".csv,text/csv"
        onChange={({ target }) => {
          take(target.files)
          // The same file, corrected, is chosen once more.
          target.value = ''
        }}
      />
      <button type="button" className="button button-strong" onClick={() => input.current?.click()}>
        {words.choose}
      </button>
      <p className="import-or">{isOver ? words.dropHere : words.drop}</p>
      {problem === undefined ? (
        <p className="hint">{words.nothingYet}</p>
      ) : (
        <p className="form-problem" role="alert">
          {words[problem](name)}
        </p>
      )}
    </section>
  )
}
