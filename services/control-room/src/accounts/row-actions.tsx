// What can be done to an account. Each says what comes of it, and is done only when that is confirmed.
import { useEffect, useRef, useState } from 'react'
import { useText } from '../context.tsx'

export interface RowActionsProps {
  displayName: string
  enabled: boolean
  /** Whoever looks at it. */
  isOwn: boolean
  disabled: boolean
  onReset: () => void
  onEnable: (enabled: boolean) => void
  onRemove: () => void
}

type Action = 'reset' | 'disable' | 'remove'

export function RowActions({ displayName, enabled, isOwn, disabled, onReset, onEnable, onRemove }: RowActionsProps) {
  const { accounts: words } = useText()
  const [asked, setAsked] = useState<Action>()
  const confirm = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (asked !== undefined) confirm.current?.focus()
  }, [asked])

  if (asked !== undefined) {
    const { does, meaning } = words.confirm[asked]
    const act = { reset: onReset, disable: () => onEnable(false), remove: onRemove }[asked]
    return (
      <div className="row-confirm" role="group" aria-label={`${does}: ${displayName}`}>
        <p>{meaning(displayName)}</p>
        <button
          ref={confirm}
          type="button"
          className="button button-small button-strong"
          onClick={() => {
            setAsked(undefined)
            act()
          }}
        >
          {does}
        </button>
        <button type="button" className="button button-small" onClick={() => setAsked(undefined)}>
          {words.cancel}
        </button>
      </div>
    )
  }

  const button = (label: string, onClick: () => void) => (
    <button type="button" className="button button-small" disabled={disabled} onClick={onClick}>
      {label}
      <span className="visually-hidden"> {displayName}</span>
    </button>
  )
  return (
    <div className="row-actions">
      {enabled && !isOwn && button(words.reset, () => setAsked('reset'))}
      {enabled ? button(words.disable, () => setAsked('disable')) : button(words.enable, () => onEnable(true))}
      {button(words.remove, () => setAsked('remove'))}
    </div>
  )
}
