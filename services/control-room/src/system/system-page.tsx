// The section System: how Ronda itself is, and on a page of its own what it could not store.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useMay, useText } from '../context.tsx'
import { Link } from '../frame/link.tsx'
import type { SectionProps } from '../sections.ts'
import { lettersId, lettersPath } from './dead-letters/letters-address.ts'
import { LettersPage } from './dead-letters/letters-page.tsx'
import { StatePage } from './state-page.tsx'
import '../styles/system.css'
import '../styles/ledger.css'
import '../styles/dead-letters.css'

export function SystemPage({ id }: SectionProps) {
  const { frame, section, system: words } = useText()
  const mayDo = useMay()
  const tabs = [
    { id: undefined, href: pagePathOf({ section: 'system' }), name: words.state },
    ...(mayDo('readDeadLetters') ? [{ id: lettersId, href: lettersPath(), name: words.deadLetters }] : []),
  ]
  return (
    <div className="system">
      <header className="system-head">
        <h2>{section.system}</h2>
        {tabs.length > 1 && (
          <nav className="system-tabs" aria-label={words.parts}>
            {tabs.map((tab) => (
              <Link key={tab.name} href={tab.href} {...(tab.id === id ? { 'aria-current': 'page' } : {})}>
                {tab.name}
              </Link>
            ))}
          </nav>
        )}
      </header>
      {id === undefined && <StatePage />}
      {id === lettersId && <LettersPage />}
      {id !== undefined && id !== lettersId && (
        <div className="system-body">
          <div className="no-rows">
            <h3>{frame.nothingHere}</h3>
            <p>{frame.nothingHereMeaning}</p>
            <Link className="button" href={pagePathOf({ section: 'system' })}>
              {section.system}
            </Link>
          </div>
        </div>
      )}
    </div>
  )
}
