// Keys that mean the same in every section: `?`, and `g` with the letter of a section. They come first: the letter
// after `g` is not the section's own command.
import { useEffect, useEffectEvent, useRef } from 'react'
import { useWording } from '../context.tsx'
import { sections } from '../sections.ts'
import { isFree, isTyping } from './keyboard.ts'
import { useSectionLinks } from './use-section-links.ts'

/** How long a `g` waits for its letter. */
const chordMs = 1_500

export function useFrameKeys(onKeys: () => void): void {
  const { letters } = useWording().preferences
  const links = useSectionLinks()
  const goUntil = useRef(0)

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (letters === 'off' || !isFree(event) || isTyping(event.target)) return
    const isChord = event.timeStamp < goUntil.current
    goUntil.current = 0
    if (isChord) {
      event.preventDefault()
      links.find(({ section }) => sections[section].letter === event.key)?.go()
    } else if (event.key === 'g') {
      event.preventDefault()
      goUntil.current = event.timeStamp + chordMs
    } else if (event.key === '?') {
      event.preventDefault()
      onKeys()
    }
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listener, { capture: true })
    return () => document.removeEventListener('keydown', listener, { capture: true })
  }, [])
}
