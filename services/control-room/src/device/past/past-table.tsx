// A table of times in a device's past, the newest first, of which the first few show until all are wanted.
import { type ReactNode, useState } from 'react'
import { useText } from '../../context.tsx'

export interface PastTableProps {
  /** The last column is how long it lasted. */
  columns: readonly string[]
  /** How many show at first. */
  fewest: number
  /** As elements of the table, each with a key. */
  rows: readonly ReactNode[]
}

export function PastTable({ columns, fewest, rows }: PastTableProps) {
  const { detail } = useText()
  const [whole, setWhole] = useState(false)
  return (
    <>
      <div className="past-scroll">
        <table className="past-table">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{whole ? rows : rows.slice(0, fewest)}</tbody>
        </table>
      </div>
      {!whole && rows.length > fewest && (
        <button type="button" className="button button-small" onClick={() => setWhole(true)}>
          {detail.all(rows.length)}
        </button>
      )}
    </>
  )
}
