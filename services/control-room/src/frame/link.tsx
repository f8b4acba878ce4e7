// A link within the room: followed without loading the page anew, and opened elsewhere as any other.
import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { useRoom } from '../context.tsx'

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'onClick'> {
  href: string
}

export function Link({ href, ...others }: LinkProps) {
  const { address } = useRoom()
  return (
    <a
      {...others}
      href={href}
      onClick={(event) => {
        if (!isPlain(event)) return
        event.preventDefault()
        address.go(href)
      }}
    />
  )
}

/** Not one that asks for another tab or window. */
function isPlain({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey
}
