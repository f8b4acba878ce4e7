// Keeps the rows where they are on the screen when something above the list grows or shrinks while the pointer
// is on it: the list scrolls by as much as it was moved.
import { type RefObject, useEffect, useRef } from 'react'

/** `content` is all that `scroller` scrolls. */
export function useStillRows(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  held: boolean,
): void {
  const heldNow = useRef(held)

  useEffect(() => {
    heldNow.current = held
    if (!held && content.current !== null) content.current.style.minHeight = ''
  }, [content, held])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    let top = element.getBoundingClientRect().top
    let movedPx = 0
    // What moves its top while the window stays as large changes its height as well. The callback runs after
    // the layout and before the paint, so nothing is seen to jump.
    const observer = new ResizeObserver(() => {
      const shiftPx = element.getBoundingClientRect().top - top
      top += shiftPx
      if (!heldNow.current) movedPx = 0
      else if (shiftPx !== 0 && content.current !== null) {
        movedPx = Math.max(0, movedPx + shiftPx)
        content.current.style.minHeight = `${element.clientHeight + movedPx}px`
        element.scrollTop += shiftPx
      }
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller, content])
}
