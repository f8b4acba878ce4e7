// A button and what it opens. Closed by Escape, by a click elsewhere, or when the focus leaves.
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

export interface PopoverProps {
  className: string
  /** Read out when the button's content is no words. */
  label?: string
  button: ReactNode
  /** Side of the button to which the panel is aligned. */
  align?: 'start' | 'end'
  children: (close: () => void) => ReactNode
}

export function Popover({ className, label, button, align = 'start', children }: PopoverProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return undefined
    const closeElsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', closeElsewhere)
    return () => document.removeEventListener('pointerdown', closeElsewhere)
  }, [open])

  function close(): void {
    setOpen(false)
    opener.current?.focus()
  }

  return (
    <div
      ref={root}
      className="popover"
      onKeyDown={(event) => {
        if (!open || event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && root.current?.contains(relatedTarget) !== true) setOpen(false)
      }}
    >
      <button
        ref={opener}
        type="button"
        className={className}
        {...(label === undefined ? {} : { 'aria-label': label, title: label })}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={id} className={`panel panel-${align}`}>
          {children(close)}
        </div>
      )}
    </div>
  )
}
