// Which rows of a long list are drawn: those in sight and a few around them. All rows have one height, so a
// row's place is a multiplication and ten thousand cost no more than forty.
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

export interface RowsWindow {
  readonly first: number
  /** One past the last. */
  readonly end: number
}

const overscan = 6

export function useRowsWindow(scroller: RefObject<HTMLElement | null>, count: number, rowPx: number): RowsWindow {
  const [scrolled, setScrolled] = useState(0)
  const [heightPx, setHeightPx] = useState(0)

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = () => setHeightPx(element.clientHeight)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])

  useEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const follow = () => setScrolled(Math.floor(element.scrollTop / rowPx))
    follow()
    element.addEventListener('scroll', follow, { passive: true })
    return () => element.removeEventListener('scroll', follow)
  }, [scroller, rowPx])

  const first = Math.max(0, Math.min(scrolled, count) - overscan)
  const end = Math.min(count, scrolled + Math.ceil(heightPx / rowPx) + overscan)
  return { first, end }
}
