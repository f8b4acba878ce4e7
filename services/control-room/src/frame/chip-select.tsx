// One of many to choose by, or all of them.
export interface ChipSelectProps {
  label: string
  /** What is said of all of them. */
  everything: string
  choices: readonly { value: string; label: string }[]
  /** Undefined: all. */
  value: string | undefined
  onChange: (value: string | undefined) => void
}

export function ChipSelect({ label, everything, choices, value, onChange }: ChipSelectProps) {
  return (
    <select
      className={`chip chip-select${value === undefined ? '' : ' chip-on'}`}
      aria-label={label}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    >
      <option value="">{everything}</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  )
}
