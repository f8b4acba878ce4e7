// Dead letters: why messages were refused, one list, and beside it the one that is open, to be sent again.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { useMay, useRoom, useText, useWatched } from '../../context.tsx'
import { useIsPhone } from '../../frame/use-is-phone.ts'
import { isFree } from '../../frame/keyboard.ts'
import { Link } from '../../frame/link.tsx'
import { LetterDetail } from './letter-detail.tsx'
import { LetterList } from './letter-list.tsx'
import { type LettersView, lettersPath, parseLettersView } from './letters-address.ts'
import { ReasonFilter } from './reason-filter.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { useLetters } from './use-letters.ts'

export function LettersPage() {
  const mayDo = useMay()
  return mayDo('readDeadLetters') ? <Letters /> : <Denied />
}

function Denied() {
  const { deadLetter: words } = useText()
  return (
    <div className="system-body">
      <div className="no-rows">
        <h3>{words.denied}</h3>
        <p>{words.deniedMeaning}</p>
        <Link className="button" href={pagePathOf({ section: 'system' })}>
          {words.toState}
        </Link>
      </div>
    </div>
  )
}

function Letters() {
  const { address } = useRoom()
  const { query } = useWatched(address)
  const view = useMemo(() => parseLettersView(query), [query])
  const found = useLetters(view)
  const isPhone = useIsPhone()
  const [isAsking, setAsking] = useState(false)
  const change = (part: Partial<LettersView>) => address.replace(lettersPath({ ...view, ...part }))
  const { letters, summary, reload } = found
  const reason = summary?.reasons.find(({ code }) => code === view.code)

  useEscape(() => {
    if (view.letter !== undefined) change({ letter: undefined })
  })

  return (
    <div className={view.letter === undefined ? 'system-body panes' : 'system-body panes panes-two'}>
      <div className="letters" inert={isPhone && view.letter !== undefined}>
        <ReasonFilter
          view={view}
          summary={summary}
          newest={letters[0]?.cursor}
          onChange={change}
          onReload={reload}
          onReplay={() => setAsking(true)}
        />
        <LetterList view={view} found={found} onShowAll={() => change({ code: undefined, device: undefined })} />
      </div>
      {view.letter !== undefined && (
        <LetterDetail
          key={view.letter}
          cursor={view.letter}
          listed={letters.find(({ cursor }) => cursor === view.letter)}
          onClose={() => change({ letter: undefined })}
          onReplayed={reload}
        />
      )}
      {isAsking && reason !== undefined && (
        <ReplayDialog
          code={reason.code}
          count={reason.replayable}
          until={summary?.newest}
          onClose={() => {
            setAsking(false)
            reload()
          }}
        />
      )}
    </div>
  )
}

function useEscape(onEscape: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape' && isFree(event)) onEscape()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
