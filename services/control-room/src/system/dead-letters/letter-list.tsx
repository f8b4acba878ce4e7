// The list of dead letters. Arrows, or j and k, move through it; a row is a link to the letter beside the list.
import type { ListedDeadLetter } from '@ronda/contracts/dead-letter'
import { type KeyboardEvent, useRef } from 'react'
import { useRoom, useText, useTimes, useWording } from '../../context.tsx'
import { CheckIcon, DrumIcon } from '../../frame/icons.tsx'
import { Link } from '../../frame/link.tsx'
import { useSlow } from '../../frame/use-slow.ts'
import { type LettersView, lettersPath } from './letters-address.ts'
import type { Letters } from './use-letters.ts'

const steps: Readonly<Record<string, 1 | -1>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }

export interface LetterListProps {
  view: LettersView
  found: Letters
  onShowAll: () => void
}

export function LetterList({ view, found: { letters, state, more }, onShowAll }: LetterListProps) {
  const { deadLetter: words } = useText()
  const { letters: lettersAreCommands } = useWording().preferences
  const isSlow = useSlow(state === 'loading')
  const rows = useRef<HTMLTableSectionElement>(null)
  const isFiltered = view.code !== undefined || view.device !== undefined

  function move(event: KeyboardEvent): void {
    const step = steps[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key.length === 1 && lettersAreCommands === 'off') return
    const links = Array.from(rows.current?.querySelectorAll('a') ?? [])
    const at = links.findIndex((link) => link === document.activeElement)
    links[Math.min(links.length - 1, Math.max(0, at + step))]?.focus()
    event.preventDefault()
  }

  return (
    <div className="letters-scroller" tabIndex={0} role="region" aria-label={words.list} onKeyDown={move}>
      {letters.length > 0 && (
        <table className={`letters-table${state === 'failed' ? ' system-outdated' : ''}`}>
          <thead>
            <tr>
              <th scope="col">{words.received}</th>
              <th scope="col">{words.why}</th>
              <th scope="col">{words.device}</th>
            </tr>
          </thead>
          <tbody ref={rows}>
            {letters.map((letter) => (
              <LetterRow key={letter.cursor} letter={letter} view={view} />
            ))}
          </tbody>
        </table>
      )}
      {more !== undefined && (
        <button type="button" className="button letters-more" onClick={more}>
          {words.more}
        </button>
      )}
      {state === 'known' && letters.length === 0 && more === undefined && (
        <div className="no-rows">
          <DrumIcon />
          <h3>{isFiltered ? words.noneOfReason : words.none}</h3>
          {isFiltered ? (
            <button type="button" className="button" onClick={onShowAll}>
              {words.showAll}
            </button>
          ) : (
            <p>{words.noneMeaning}</p>
          )}
        </div>
      )}
      {state === 'failed' && (
        <div className={letters.length > 0 ? 'letters-failed' : 'no-rows'} role="status">
          <h3>{words.failed}</h3>
          <p>{words.failedMeaning}</p>
        </div>
      )}
      {isSlow && (
        <div className="skeleton" role="status" aria-label={words.loading}>
          {Array.from({ length: 8 }, (_, i) => (
            <div key={i} className="skeleton-row" />
          ))}
        </div>
      )}
    </div>
  )
}

function LetterRow({ letter, view }: { letter: ListedDeadLetter; view: LettersView }) {
  const { clock } = useRoom()
  const { deadLetter: words } = useText()
  const times = useTimes()
  const { code, cursor, device, field, reason, receivedAt, replay } = letter
  const now = clock.now()
  const isToday = times.day(receivedAt) === times.day(now)
  const isStored = replay?.refused === 0
  const isOpen = view.letter === cursor
  return (
    <tr className={`${isOpen ? 'letter-open' : ''}${isStored ? ' letter-stored' : ''}`}>
      <td className="letter-time">
        <time title={times.exact(receivedAt)}>{isToday ? times.clock(receivedAt) : times.moment(receivedAt, now)}</time>
      </td>
      <th scope="row">
        <Link href={lettersPath({ ...view, letter: cursor })} {...(isOpen ? { 'aria-current': 'true' as const } : {})}>
          {words.reason[code].title}
        </Link>
        <span className="letter-said">
          {isStored && (
            <span className="letter-is-stored">
              <CheckIcon />
              {words.accepted}
            </span>
          )}
          {replay !== undefined && !isStored && <span className="letter-again">{words.again}</span>}
          {field !== undefined && !reason.startsWith(field) && <code>{field}</code>}
          <span>{reason}</span>
        </span>
      </th>
      <td className="letter-device">
        {device === undefined ? <span className="hint">{words.noDevice}</span> : <code>{device}</code>}
      </td>
    </tr>
  )
}
