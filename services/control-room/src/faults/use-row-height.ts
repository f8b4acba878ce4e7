// How high a row is: the one number that the layout of the list needs in script. The sheet fault-row.css gives a
// row this height through `--row`.
import { useLayoutEffect, useSyncExternalStore } from 'react'
import { useWording } from '../context.tsx'
import { useIsPhone } from '../frame/use-is-phone.ts'

// Rows are two lines, or one when compact; on a phone there is width for two lines only.
const heightsRem = { desk: { comfortable: 2.875, compact: 1.875 }, phone: { comfortable: 4.25, compact: 3.75 } }

export function useRowHeight(): number {
  const { density } = useWording().preferences
  const isPhone = useIsPhone()
  const remPx = useSyncExternalStore(onResize, readRemPx)
  const heightPx = Math.round(heightsRem[isPhone ? 'phone' : 'desk'][density] * remPx)
  useLayoutEffect(() => {
    document.documentElement.style.setProperty('--row', `${heightPx}px`)
  }, [heightPx])
  return heightPx
}

function onResize(listener: () => void): () => void {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

function readRemPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
}
