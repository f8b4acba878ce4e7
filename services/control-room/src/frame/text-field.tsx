// One line of text with its label.
import { type RefObject, useId } from 'react'

export interface TextFieldProps {
  label: string
  name: string
  value: string
  onChange?: (value: string) => void
  input?: RefObject<HTMLInputElement | null>
  /** What browsers and password managers may fill in. */
  autoComplete: 'username' | 'name' | 'off'
  hint?: string
  readOnly?: boolean
  problemId?: string | undefined
}

export function TextField({
  label,
  name,
  value,
  onChange,
  input,
  autoComplete,
  hint,
  readOnly,
  problemId,
}: TextFieldProps) {
  const id = useId()
  const isName = autoComplete === 'username'
  const describedBy = [hint === undefined ? undefined : `${id}-hint`, problemId].filter((each) => each !== undefined)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={input}
        id={id}
        className="text-input"
        type="text"
        name={name}
        autoComplete={autoComplete}
        {...(isName ? { autoCapitalize: 'none', spellCheck: false } : {})}
        required
        readOnly={readOnly ?? false}
        value={value}
        aria-invalid={problemId !== undefined}
        {...(describedBy.length === 0 ? {} : { 'aria-describedby': describedBy.join(' ') })}
        onChange={({ target }) => onChange?.(target.value)}
      />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
