// Somebody else has changed the same device meanwhile: what they changed, beside what is in the form.
import { useText } from '../../context.tsx'
import type { Column } from './device-columns.ts'
import type { Editing } from './use-editing.ts'

export function Conflict({ clashes, editing }: { clashes: readonly Column[]; editing: Editing }) {
  const { columns, deviceForm: words } = useText()
  const { draft, before, write } = editing
  const open = clashes.filter((column) => draft[column] !== before[column])
  return (
    <div className="ask-warning conflict" role="alert">
      <p>
        {words.conflict} {open.length === 0 ? words.merged : words.keepMine}
      </p>
      {open.length > 0 && (
        <ul>
          {open.map((column) => (
            <li key={column}>
              <span>{words.theirs(columns[column], before[column] === '' ? words.empty : before[column])}</span>
              <button
                type="button"
                className="button button-small"
                onClick={() => write({ ...draft, [column]: before[column] })}
              >
                {words.takeTheirs}
                <span className="visually-hidden"> {columns[column]}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
