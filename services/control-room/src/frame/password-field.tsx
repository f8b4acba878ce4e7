// A password: hidden unless its person wants to see it, filled in by password managers, with a word about Caps Lock.
import { type KeyboardEvent, type RefObject, useId, useState } from 'react'
import { useText } from '../context.tsx'

export interface PasswordFieldProps {
  label: string
  /** Whether it is one that exists, or one that is chosen here. */
  kind: 'current' | 'new'
  value: string
  onChange: (value: string) => void
  input?: RefObject<HTMLInputElement | null>
  /** What it has to be. */
  hint?: string
  /** Id of the element that says what is wrong with it. */
  problemId?: string | undefined
}

export function PasswordField({ label, kind, value, onChange, input, hint, problemId }: PasswordFieldProps) {
  const { credentials } = useText()
  const id = useId()
  const [isShown, setShown] = useState(false)
  const [isCapsLock, setCapsLock] = useState(false)
  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  const describedBy = [hint === undefined ? undefined : `${id}-hint`, problemId].filter((each) => each !== undefined)
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field-with-button">
        <input
          ref={input}
          id={id}
          className="text-input"
          type={isShown ? 'text' : 'password'}
          name={kind === 'new' ? 'new-password' : 'password'}
          autoComplete={`${kind}-password`}
          autoCapitalize="none"
          spellCheck={false}
          required
          value={value}
          aria-invalid={problemId !== undefined}
          {...(describedBy.length === 0 ? {} : { 'aria-describedby': describedBy.join(' ') })}
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={watchCapsLock}
          onKeyUp={watchCapsLock}
          onBlur={() => setCapsLock(false)}
        />
        <button type="button" className="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {isShown ? credentials.hide : credentials.show}
          <span className="visually-hidden"> {label}</span>
        </button>
      </span>
      {isCapsLock && (
        <p className="field-note" role="status">
          {credentials.capsLock}
        </p>
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
