// Rows of the preview: a device with what becomes of it, and a problem with what to do.
import type { ImportProblem, PreviewedDevice } from '@ronda/contracts/device-import'
import { useRoom, useText } from '../../../context.tsx'
import { Changes } from './changes.tsx'
import { sayProblem } from './problem-words.ts'

export function PreviewRow({ device }: { device: PreviewedDevice }) {
  const { importing: words } = useText()
  const { line, id, name, outcome } = device
  return (
    <>
      <span className="import-line">{line}</span>
      <span className={`import-outcome import-${outcome}`}>{words.outcomes[outcome]}</span>
      <span className="import-name">
        <strong>{name}</strong>
        <code>{id}</code>
      </span>
      <span className="import-what">
        <Changes device={device} />
      </span>
    </>
  )
}

export function ProblemRow({ problem }: { problem: ImportProblem }) {
  const { city } = useRoom()
  const text = useText()
  const { wrong, remedy } = sayProblem(problem, text, city)
  return (
    <>
      <span className="import-line">{problem.line}</span>
      <span className="import-column">{problem.column !== undefined && <code>{problem.column}</code>}</span>
      <strong className="import-wrong" title={problem.detail}>
        {wrong}
      </strong>
      <span className="import-what" title={remedy}>
        {remedy}
      </span>
    </>
  )
}
