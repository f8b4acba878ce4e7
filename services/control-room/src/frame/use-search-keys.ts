// The keys of a section that has a search: `/` goes there, Escape leaves it, or else what `onLeave` closes.
import { type RefObject, useEffect, useEffectEvent } from 'react'
import { useWording } from '../context.tsx'
import { isFree, isTyping } from './keyboard.ts'

export function useSearchKeys(search: RefObject<HTMLInputElement | null>, onLeave?: () => void): void {
  const { letters } = useWording().preferences

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!isFree(event)) return
    if (event.key === 'Escape') {
      if (event.target === search.current) search.current?.blur()
      else onLeave?.()
    } else if (event.key === '/' && letters === 'on' && !isTyping(event.target)) {
      event.preventDefault()
      search.current?.select()
    }
  })

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}
