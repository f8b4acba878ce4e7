// A device is retired: what that means, and its id typed by whoever means it.
import type { Device } from '@ronda/contracts/device'
import { useId, useState } from 'react'
import { retireDevice } from '../../api/registry.ts'
import { useRoom, useText } from '../../context.tsx'
import { Question } from './question.tsx'

export interface RetireDialogProps {
  device: Device
  onClose: () => void
  onRetired: () => void
}

export function RetireDialog({ device: { id, name }, onClose, onRetired }: RetireDialogProps) {
  const { notices } = useRoom()
  const { retiring: words } = useText()
  const inputId = useId()
  const [typed, setTyped] = useState('')
  return (
    <Question
      title={words.title(name)}
      focus=".text-input"
      submit={words.retire}
      isAnswered={typed.trim() === id}
      ask={() => retireDevice(id)}
      onDone={() => {
        notices.say({ tone: 'plain', saying: ({ retiring }) => retiring.done(name) })
        onRetired()
      }}
      onClose={onClose}
    >
      <ul className="retire-consequences">
        {words.consequences.map((consequence) => (
          <li key={consequence}>{consequence}</li>
        ))}
      </ul>
      <p className="ask-warning">{words.final}</p>
      <p className="hint">{words.instead}</p>
      <div className="field">
        <label htmlFor={inputId}>{words.type(id)}</label>
        <input
          id={inputId}
          className="text-input"
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
    </Question>
  )
}
