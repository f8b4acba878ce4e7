// A device is retired: what that means, and its id typed by whoever means it.
import type { Device } from '@ronda/contracts/device'
import { useId, useState } from 'react'
import type { Refusal } from '../../api/http.ts'
import { retireDevice } from '../../api/registry.ts'
import { useRoom, useText } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import { sayRegistryRefusal } from './refusal.ts'

export interface RetireDialogProps {
  device: Device
  onClose: () => void
  onRetired: () => void
}

export function RetireDialog({ device: { id, name }, onClose, onRetired }: RetireDialogProps) {
  const { notices } = useRoom()
  const text = useText()
  const { retiring: words, registry } = text
  const inputId = useId()
  const [typed, setTyped] = useState('')
  const [refusal, setRefusal] = useState<Refusal>()
  const [isAsking, setAsking] = useState(false)
  const isMeant = typed.trim() === id

  async function retire(close: () => void): Promise<void> {
    setAsking(true)
    const reply = await retireDevice(id)
    setAsking(false)
    if (reply.kind !== 'answer') {
      setRefusal(reply)
      return
    }
    notices.say({ tone: 'plain', saying: ({ retiring }) => retiring.done(name) })
    close()
    onRetired()
  }

  return (
    <Dialog title={words.title(name)} className="ask" focus=".text-input" onClose={onClose}>
      {(close) => (
        <form
          className="ask-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (isMeant && !isAsking) void retire(close)
          }}
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
          {refusal !== undefined && (
            <p className="form-problem" role="alert">
              {sayRegistryRefusal(refusal, text)}
            </p>
          )}
          <div className="ask-foot">
            <button type="button" className="button" onClick={close}>
              {registry.cancel}
            </button>
            <button type="submit" className="button button-strong" disabled={!isMeant || isAsking}>
              {words.retire}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
