// The sections of the control room, and the keyboard's help.
import { useRoom, useText, useWatched } from '../context.tsx'
import { sections } from '../sections.ts'
import { KeyboardIcon, Logo } from './icons.tsx'
import { Link } from './link.tsx'
import { useSectionLinks } from './use-section-links.ts'

export function Rail({ onKeys }: { onKeys: () => void }) {
  const { list, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { open } = useWatched(list)
  const links = useSectionLinks()
  const text = useText()
  return (
    <nav className="rail" aria-label={text.frame.sections}>
      <span className="rail-logo">
        <Logo />
      </span>
      {links.map(({ section, href, isHere }) => {
        const { Icon, letter } = sections[section]
        return (
          <Link
            key={section}
            className="rail-item"
            href={href}
            aria-keyshortcuts={`g ${letter}`}
            {...(isHere ? { 'aria-current': 'page' } : {})}
          >
            <Icon />
            <span>{text.section[section]}</span>
            {section === 'faults' && isLoaded && open > 0 && (
              <span className="rail-count">{open > 999 ? '999+' : open}</span>
            )}
          </Link>
        )
      })}
      <span className="spring" />
      <button type="button" className="rail-item rail-keys" aria-keyshortcuts="?" onClick={onKeys}>
        <KeyboardIcon />
        <span>{text.frame.keys}</span>
      </button>
    </nav>
  )
}
