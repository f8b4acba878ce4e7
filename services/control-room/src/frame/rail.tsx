// The sections of the control room, and the keyboard's help.
import { useRoom, useText, useWatched } from '../context.tsx'
import { wholeView } from '../faults/view.ts'
import { FaultsIcon, KeyboardIcon, Logo } from './icons.tsx'

export function Rail({ onKeys }: { onKeys: () => void }) {
  const { list, loaded, view } = useRoom()
  const isLoaded = useWatched(loaded)
  const { open } = useWatched(list)
  const { frame } = useText()
  return (
    <nav className="rail" aria-label={frame.sections}>
      <span className="rail-logo">
        <Logo />
      </span>
      <a
        className="rail-item"
        href="/"
        aria-current="page"
        onClick={(event) => {
          event.preventDefault()
          view.change(wholeView)
        }}
      >
        <FaultsIcon />
        <span>{frame.faults}</span>
        {isLoaded && open > 0 && <span className="rail-count">{open > 999 ? '999+' : open}</span>}
      </a>
      <span className="spring" />
      <button type="button" className="rail-item" aria-keyshortcuts="?" onClick={onKeys}>
        <KeyboardIcon />
        <span>{frame.keys}</span>
      </button>
    </nav>
  )
}
