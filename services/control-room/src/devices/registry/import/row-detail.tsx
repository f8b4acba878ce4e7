// A row of the file with every value: as it is and as it would be.
import type { PreviewedDevice } from '@ronda/contracts/device-import'
import { useText } from '../../../context.tsx'
import { isColumn } from '../device-columns.ts'
import { sayValue } from '../say-value.ts'

export function RowDetail({ device }: { device: PreviewedDevice | undefined }) {
  const text = useText()
  const { importing: words } = text
  if (device === undefined) {
    return (
      <aside className="import-detail import-detail-none" aria-label={words.value}>
        <p>{words.pickRow}</p>
      </aside>
    )
  }
  const { line, id, name, outcome, token, changes } = device
  const rows = Object.entries(changes)
  const isNew = outcome === 'registered'
  return (
    <aside className="import-detail" aria-label={words.value} tabIndex={0}>
      <header>
        <h3>{name}</h3>
        <p>
          <code>{id}</code> · {words.line(line)} · {words.outcomes[outcome]}
        </p>
      </header>
      {token && <p className="import-token">{isNew ? words.token : words.replacesToken}</p>}
      {rows.length === 0 ? (
        !token && <p>{words.nothingChanges}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{words.value}</th>
              {!isNew && <th scope="col">{words.before}</th>}
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([column, { from, to }]) => (
              <tr key={column}>
                <th scope="row">{isColumn(column) ? text.columns[column] : column}</th>
                {!isNew && (
                  <td>
                    <del>{sayValue(from, words.none)}</del>
                  </td>
                )}
                <td>
                  <ins>{sayValue(to, words.none)}</ins>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </aside>
  )
}
