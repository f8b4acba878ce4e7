// What is opened beside a list or a map, and over it on a telephone, where whoever reads by ear or by keys has to be in it.
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../context.tsx'
import { BackIcon, CloseIcon } from './icons.tsx'
import { useIsPhone } from './use-is-phone.ts'

export interface SidePaneProps {
  label: string
  /** Of the button that closes it, on a telephone: what that leads back to. */
  back: string
  onClose: () => void
  /** Where the focus goes from a pane that covered the rest; always the same function. */
  onLeave?: () => void
  children: ReactNode
}

export function SidePane({ label, back, onClose, onLeave, children }: SidePaneProps) {
  const { frame } = useText()
  const isPhone = useIsPhone()
  const closer = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!isPhone) return undefined
    closer.current?.focus()
    return onLeave
  }, [isPhone, onLeave])
  return (
    <aside className="detail" aria-label={label}>
      <button
        ref={closer}
        type="button"
        className="icon-button detail-close"
        aria-label={isPhone ? back : frame.close}
        onClick={onClose}
      >
        {isPhone ? <BackIcon /> : <CloseIcon />}
      </button>
      {children}
    </aside>
  )
}
