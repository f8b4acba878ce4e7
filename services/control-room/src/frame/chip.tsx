// Something to choose by, pressed or not: what a list shows, the range of figures.
import type { ReactNode } from 'react'

export interface ChipProps {
  isOn: boolean
  className?: string
  title?: string
  onClick: () => void
  children: ReactNode
}

export function Chip({ isOn, className = '', title, onClick, children }: ChipProps) {
  return (
    <button
      type="button"
      className={`chip${isOn ? ' chip-on' : ''} ${className}`}
      aria-pressed={isOn}
      title={title}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
