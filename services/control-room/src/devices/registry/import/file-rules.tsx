// How a file has to be, and two files to begin with.
import { exportPath } from '../../../api/registry.ts'
import { useText } from '../../../context.tsx'
import { deviceColumns } from '../device-columns.ts'
import { saveFile, toCsv } from '../save-file.ts'

export function FileRules() {
  const { importing: words } = useText()
  return (
    <section className="import-rules" aria-label={words.rules}>
      <h3>{words.rules}</h3>
      <ul>
        <li>{words.ruleColumns}</li>
        <li>{words.ruleAbsent}</li>
        <li>{words.ruleEmpty}</li>
        <li>{words.ruleMost}</li>
      </ul>
      <p className="import-columns">
        <span className="visually-hidden">{words.columnsAre}: </span>
        {deviceColumns.map((column) => (
          <code key={column}>{column}</code>
        ))}
      </p>
      <div className="import-files">
        <a className="button" href={exportPath} download="ronda-devices.csv">
          {words.current}
        </a>
        <button type="button" className="button" onClick={() => saveFile('ronda-devices.csv', toCsv([deviceColumns]))}>
          {words.template}
        </button>
      </div>
    </section>
  )
}
