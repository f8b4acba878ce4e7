// A list of any length of which only what is in sight is drawn. With `onSelect` its rows are chosen by keys and clicks.
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react'
import { useRowHeight } from '../../faults/use-row-height.ts'
import { useRowsWindow } from '../../faults/use-rows-window.ts'

export interface VirtualListProps<T> {
  label: string
  className: string
  items: readonly T[]
  /** Index of the chosen row. */
  selected?: number | undefined
  onSelect?: (index: number) => void
  children: (item: T) => ReactNode
}

const pageRows = 10

export function VirtualList<T>({ label, className, items, selected, onSelect, children }: VirtualListProps<T>) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const rowPx = useRowHeight()
  const { first, end } = useRowsWindow(scroller, items.length, rowPx)
  const isDrawn = selected !== undefined && selected >= first && selected < end

  useEffect(() => {
    const element = scroller.current
    if (element === null || selected === undefined) return
    const top = selected * rowPx
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight
  }, [selected, rowPx])

  function onKeyDown(event: KeyboardEvent): void {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      j: 1,
      k: -1,
      PageDown: pageRows,
      PageUp: -pageRows,
      Home: -items.length,
      End: items.length,
    }
    const step = steps[event.key]
    if (step === undefined || onSelect === undefined || items.length === 0) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onSelect(Math.max(0, Math.min(items.length - 1, (selected ?? -1) + step)))
  }

  const isChosenFrom = onSelect !== undefined
  return (
    <div
      ref={scroller}
      className={`virtual-list ${className}`}
      role={isChosenFrom ? 'listbox' : 'list'}
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isDrawn ? `${id}-${selected}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="none" style={{ height: items.length * rowPx }}>
        {items.slice(first, end).map((item, offset) => {
          const index = first + offset
          return (
            <div
              key={index}
              id={`${id}-${index}`}
              role={isChosenFrom ? 'option' : 'listitem'}
              className={`virtual-row${index === selected ? ' virtual-chosen' : ''}`}
              {...(isChosenFrom ? { 'aria-selected': index === selected } : {})}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              style={{ top: index * rowPx }}
              onClick={() => onSelect?.(index)}
            >
              {children(item)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
