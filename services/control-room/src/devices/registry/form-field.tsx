// One field of the form of a device: a text, a choice, a tick, a day or several lines.
import { useId } from 'react'
import { useText } from '../../context.tsx'
import type { Column } from './device-columns.ts'
import type { Choice } from './use-choices.ts'

export interface FormFieldProps {
  column: Column
  value: string
  isNeeded: boolean
  isFixed: boolean
  isWrong: boolean
  choices: readonly Choice[] | undefined
  /** Id of a list of proposals. */
  list: string | undefined
  onChange: (value: string) => void
}

const decimals: ReadonlySet<Column> = new Set([
  'latitude',
  'longitude',
  'intervalS',
  'nominalPowerW',
  'nominalVoltageV',
])
/** Whose hints are worth their room before anything is wrong. */
const explained: ReadonlySet<Column> = new Set(['id', 'site', 'tags', 'installedAt', 'rules'])

export function FormField({ column, value, isNeeded, isFixed, isWrong, choices, list, onChange }: FormFieldProps) {
  const { columns, columnHints, deviceForm: words } = useText()
  const id = useId()
  if (column === 'enabled') {
    return (
      <div className="field">
        <label className="check">
          <input
            type="checkbox"
            checked={value === 'true'}
            aria-describedby={`${id}-hint`}
            onChange={({ target }) => onChange(String(target.checked))}
          />
          {columns.enabled}
        </label>
        <p className="hint" id={`${id}-hint`}>
          {words.enabledMeaning}
        </p>
      </div>
    )
  }

  const hint = isWrong
    ? value.trim() === '' && isNeeded
      ? words.needed
      : words.shouldBe(columnHints[column])
    : explained.has(column) && !isFixed
      ? columnHints[column]
      : undefined
  const common = {
    id,
    name: column,
    className: 'text-input',
    value,
    required: isNeeded,
    'aria-invalid': isWrong,
    ...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` }),
  }
  return (
    <div className={`field field-${column}${isWrong ? ' field-wrong' : ''}`}>
      <label htmlFor={id}>
        {columns[column]}
        {isNeeded && <span aria-hidden="true"> *</span>}
      </label>
      {choices !== undefined ? (
        <select {...common} disabled={isFixed} onChange={({ target }) => onChange(target.value)}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : column === 'rules' ? (
        <textarea {...common} rows={4} spellCheck={false} onChange={({ target }) => onChange(target.value)} />
      ) : (
        <input
          {...common}
          type={column === 'installedAt' ? 'date' : 'text'}
          readOnly={isFixed}
          autoComplete="off"
          spellCheck={false}
          list={list}
          {...(decimals.has(column) ? { inputMode: 'decimal' as const } : {})}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
