// A dialog that asks the registry for something once it is answered: what comes back, or why nothing did.
import { type ReactNode, useState } from 'react'
import type { Refusal, Reply } from '../../api/http.ts'
import { useText } from '../../context.tsx'
import { Dialog } from '../../frame/dialog.tsx'
import { sayRegistryRefusal } from './refusal.ts'

export interface QuestionProps<T> {
  title: string
  /** Has the focus at first: a CSS selector. */
  focus: string
  submit: string
  /** Whether it can be submitted; it can unless this is false. */
  isAnswered?: boolean
  ask: () => Promise<Reply<T>>
  onDone: (body: T) => void
  onClose: () => void
  children: ReactNode
}

export function Question<T>(props: QuestionProps<T>) {
  const { title, focus, submit, isAnswered = true, ask, onDone, onClose, children } = props
  const text = useText()
  const [refusal, setRefusal] = useState<Refusal>()
  const [isAsking, setAsking] = useState(false)

  async function send(close: () => void): Promise<void> {
    setAsking(true)
    const reply = await ask()
    setAsking(false)
    if (reply.kind !== 'answer') {
      setRefusal(reply)
      return
    }
    close()
    onDone(reply.body)
  }

  return (
    <Dialog title={title} className="ask" focus={focus} onClose={onClose}>
      {(close) => (
        <form
          className="ask-form"
          onSubmit={(event) => {
            event.preventDefault()
            if (isAnswered && !isAsking) void send(close)
          }}
        >
          {children}
          {refusal !== undefined && (
            <p className="form-problem" role="alert">
              {sayRegistryRefusal(refusal, text)}
            </p>
          )}
          <div className="ask-foot">
            <button type="button" className="button" onClick={close}>
              {text.registry.cancel}
            </button>
            <button type="submit" className="button button-strong" disabled={!isAnswered || isAsking}>
              {submit}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
