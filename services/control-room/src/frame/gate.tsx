// The card at the door: what it is, in which language and colours, and what there is to do.
import type { ReactNode } from 'react'
import { useText } from '../context.tsx'
import { Logo } from './icons.tsx'
import { LanguageSwitch, ThemeButton } from './preference-buttons.tsx'

export function Gate({ title, city, children }: { title: string; city?: string | undefined; children?: ReactNode }) {
  const { frame } = useText()
  return (
    <main className="gate">
      <div className="gate-card">
        <header>
          <Logo />
          <span className="gate-name">
            <strong>Ronda</strong>
            <span>{city ?? frame.controlRoom}</span>
          </span>
          <span className="spring" />
          <LanguageSwitch />
          <ThemeButton />
        </header>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
