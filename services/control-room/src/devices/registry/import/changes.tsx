// In one line what becomes of a device: of a known one what changes, of a new one where it is.
import type { PreviewedDevice } from '@ronda/contracts/device-import'
import { useRoom, useText } from '../../../context.tsx'
import { isColumn } from '../device-columns.ts'
import { sayValue } from '../say-value.ts'

export function Changes({ device: { outcome, kind, changes, token } }: { device: PreviewedDevice }) {
  const { districtName } = useRoom()
  const text = useText()
  const { importing: words } = text
  if (outcome === 'unchanged') return null
  if (outcome === 'registered') {
    const district = changes['district']?.to
    const street = changes['street']?.to
    return [text.kind[kind], typeof district === 'string' ? districtName(district) : undefined, street]
      .filter((part) => typeof part === 'string')
      .join(' · ')
  }
  return (
    <>
      {Object.entries(changes).map(([column, { from, to }]) => (
        <span key={column} className="import-change">
          <span className="import-change-column">{isColumn(column) ? text.columns[column] : column}</span>{' '}
          <del>{sayValue(from, words.none)}</del> <span aria-hidden="true">→</span>{' '}
          <ins>{sayValue(to, words.none)}</ins>
        </span>
      ))}
      {token && <span className="import-change">{words.replacesToken}</span>}
    </>
  )
}
