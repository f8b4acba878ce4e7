// What is opened covers what it was opened from on a telephone: whoever reads by ear or by keys has to be in it.
import { type RefObject, useEffect } from 'react'

/** `onLeave`: where to go back to. */
export function useFocusOnPhone(element: RefObject<HTMLElement | null>, isPhone: boolean, onLeave?: () => void): void {
  useEffect(() => {
    if (!isPhone) return undefined
    element.current?.focus()
    return onLeave
  }, [element, isPhone, onLeave])
}
