// What the registry's pages have in common: the way back, and what this is.
import { pagePathOf } from '@ronda/contracts/page-routes'
import type { ReactNode } from 'react'
import { useText } from '../../context.tsx'
import { BackIcon } from '../../frame/icons.tsx'
import { Link } from '../../frame/link.tsx'

export interface RegistryFrameProps {
  title: string
  className: string
  /** The way back; to all devices when absent. */
  back?: { readonly href: string; readonly label: string }
  children: ReactNode
}

export function RegistryFrame({ title, className, back, children }: RegistryFrameProps) {
  const { devices } = useText()
  return (
    <div className={`registry ${className}`}>
      <header className="registry-head">
        <Link className="device-back" href={back?.href ?? pagePathOf({ section: 'devices' })}>
          <BackIcon />
          {back?.label ?? devices.toAll}
        </Link>
        <h2>{title}</h2>
      </header>
      {children}
    </div>
  )
}
