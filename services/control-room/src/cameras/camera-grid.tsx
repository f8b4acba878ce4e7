// Tiles in rows, of which only those in sight are drawn. Arrows go from tile to tile, Enter opens the camera.
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../context.tsx'
import { useRowsWindow } from '../faults/use-rows-window.ts'
import { CameraTileView } from './camera-tile.tsx'
import type { CameraTile } from './camera-tiles.ts'

/** As cameras.css has them. */
const leastTileRem = 17
const rowRem = 11.25

interface CameraGridProps {
  tiles: readonly CameraTile[]
  onHold: (held: boolean) => void
}

export function CameraGrid({ tiles, onHold }: CameraGridProps) {
  const { cameras: words } = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, rowPx } = useColumns(scroller)
  const rowCount = Math.ceil(tiles.length / columns)
  const { first, end } = useRowsWindow(scroller, rowCount, rowPx)
  const [current, setCurrent] = useState<string>()
  const shown = tiles.slice(first * columns, end * columns)

  // The tile that the arrows have gone to may have to be drawn before it can be focused.
  useEffect(() => {
    if (current === undefined) return
    const tile = scroller.current?.querySelector<HTMLElement>(`[data-camera="${current}"]`)
    if (tile === null || tile === undefined) return
    tile.focus({ preventScroll: true })
    setCurrent(undefined)
  }, [current, first, end])

  function onKeyDown(event: KeyboardEvent): void {
    const step = stepOf(event.key, columns, tiles.length)
    const at = event.target instanceof HTMLElement ? event.target.dataset['camera'] : undefined
    const index = tiles.findIndex(({ camera }) => camera.id === at)
    const element = scroller.current
    if (step === undefined || element === null) return
    event.preventDefault()
    const next = index === -1 ? 0 : Math.min(Math.max(index + step, 0), tiles.length - 1)
    const topPx = Math.floor(next / columns) * rowPx
    if (topPx < element.scrollTop) element.scrollTop = topPx
    else if (topPx + rowPx > element.scrollTop + element.clientHeight) {
      element.scrollTop = topPx + rowPx - element.clientHeight
    }
    setCurrent(tiles[next]?.camera.id)
  }

  return (
    <div
      ref={scroller}
      className="camera-scroller"
      tabIndex={0}
      role="region"
      aria-label={words.label}
      onKeyDown={onKeyDown}
      onPointerEnter={(event) => event.pointerType !== 'touch' && onHold(true)}
      onPointerLeave={() => onHold(false)}
    >
      <ul className="camera-rows" style={{ height: rowCount * rowPx }}>
        {shown.map((tile, offset) => {
          const index = first * columns + offset
          const place = {
            top: Math.floor(index / columns) * rowPx,
            insetInlineStart: `${((index % columns) * 100) / columns}%`,
            width: `${100 / columns}%`,
            height: rowPx,
          }
          return (
            <li key={tile.camera.id} style={place} aria-setsize={tiles.length} aria-posinset={index + 1}>
              <CameraTileView tile={tile} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function stepOf(key: string, columns: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'j':
      return 1
    case 'ArrowLeft':
    case 'k':
      return -1
    case 'ArrowDown':
      return columns
    case 'ArrowUp':
      return -columns
    case 'Home':
      return -count
    case 'End':
      return count
    default:
      return undefined
  }
}

function useColumns(scroller: RefObject<HTMLElement | null>): { columns: number; rowPx: number } {
  const [size, setSize] = useState({ columns: 1, rowPx: rowRem * 16 })
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = () => {
      const remPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const columns = Math.max(1, Math.floor(element.clientWidth / (leastTileRem * remPx)))
      const rowPx = Math.round(rowRem * remPx)
      setSize((before) => (before.columns === columns && before.rowPx === rowPx ? before : { columns, rowPx }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])
  return size
}
