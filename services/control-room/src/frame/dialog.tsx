// A dialog over the page: a title, a way to close it, and what it is about. Escape and a press beside it close it, too.
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { flushSync } from 'react-dom'
import { useText } from '../context.tsx'
import { CloseIcon } from './icons.tsx'

export interface DialogProps {
  title: string
  className?: string
  /** Has the focus at first, instead of the button that closes: a CSS selector. */
  focus?: string
  onClose: () => void
  /** Is given what closes it. */
  children: (close: () => void) => ReactNode
}

export function Dialog({ title, className = '', focus, onClose, children }: DialogProps) {
  const { frame } = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  /** Gone at once: the browser tells of it after a while, and a key that comes before is the page's already. */
  function close(): void {
    dialog.current?.close()
    flushSync(onClose)
  }
  useEffect(() => {
    dialog.current?.showModal()
    if (focus !== undefined) dialog.current?.querySelector<HTMLElement>(focus)?.focus()
  }, [focus])
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
      onClose={onClose}
      onPointerDown={(event) => event.target === dialog.current && close()}
    >
      <div className="dialog-content">
        <div className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label={frame.close} onClick={close}>
            <CloseIcon />
          </button>
        </div>
        {children(close)}
      </div>
    </dialog>
  )
}
