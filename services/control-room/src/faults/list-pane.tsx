// The list with what belongs around it: filters above, the button for new rows on it, the counts or what is
// selected below; and something to say when there are no rows.
import type { RefObject } from 'react'
import { useMay, useRoom, useText, useWatched } from '../context.tsx'
import { ArrowUpIcon, DrumIcon } from '../frame/icons.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { ActionDialog } from './actions/action-dialog.tsx'
import type { FaultListState } from './fault-list.ts'
import { FaultTable } from './fault-table.tsx'
import { FilterBar } from './filter-bar.tsx'
import type { Row } from './rows.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useHasDevices } from './use-has-devices.ts'
import { widened } from './view.ts'

const noRows: readonly Row[] = []
const registering = 'POST /api/v1/devices\nPOST /api/v1/devices/import'

export function ListPane({ search, covered }: { search: RefObject<HTMLInputElement | null>; covered: boolean }) {
  const { list, loaded } = useRoom()
  const state = useWatched(list)
  const isLoaded = useWatched(loaded)
  const text = useText()
  return (
    <section className="list-pane" aria-label={text.list.label} inert={covered}>
      <FilterBar counts={isLoaded ? state.counts : undefined} search={search} />
      <div className="table-frame">
        <FaultTable rows={isLoaded ? state.rows : noRows} />
        {(!isLoaded || state.rows.length === 0) && <NoRows state={state} />}
        {isLoaded && state.waiting > 0 && (
          <button type="button" className="waiting" title={text.list.waitingMeaning} onClick={list.letIn}>
            <ArrowUpIcon />
            {text.list.waiting(state.waiting)}
          </button>
        )}
      </div>
      <ListFoot state={state} />
      <ActionDialog />
    </section>
  )
}

function NoRows({ state: { open } }: { state: FaultListState }) {
  const { loaded, view } = useRoom()
  const isLoaded = useWatched(loaded)
  const isSlow = useSlow(!isLoaded)
  const { list, filters } = useText()
  if (!isLoaded) {
    return isSlow ? <Skeleton label={list.loading} /> : null
  }
  if (open > 0) {
    return (
      <div className="no-rows">
        <h2>{list.noMatch}</h2>
        <p>{list.noMatchMeaning(open)}</p>
        <button type="button" className="button" onClick={() => view.change(widened(view.get()))}>
          {filters.clear}
        </button>
      </div>
    )
  }
  return <NoFaults />
}

/** Nothing is open: because all is well, or because there is nothing to be watched. */
function NoFaults() {
  const { status } = useRoom()
  const blind = useWatched(status)?.blind ?? []
  const isWatching = useHasDevices()
  const isSlow = useSlow(isWatching === undefined)
  const { list } = useText()
  if (isWatching === undefined && !isSlow) return null
  if (isWatching === false) {
    return (
      <div className="no-rows">
        <DrumIcon />
        <h2>{list.noDevices}</h2>
        <p>{list.noDevicesMeaning}</p>
        <pre className="command">
          <code>{registering}</code>
        </pre>
        <a href="/docs" target="_blank" rel="noreferrer">
          {list.registeringInFull}
        </a>
      </div>
    )
  }
  return (
    <div className="no-rows">
      <DrumIcon />
      <h2>{list.empty}</h2>
      <p>{blind.length === 0 ? list.emptyMeaning : list.emptyBlind}</p>
    </div>
  )
}

function Skeleton({ label }: { label: string }) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className="skeleton-row" />
      ))}
    </div>
  )
}

function ListFoot({ state: { shown, open, unacknowledged } }: { state: FaultListState }) {
  const { cursor, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { selected } = useWatched(cursor)
  const { list } = useText()
  if (selected.size > 0) return <SelectionBar chosen={cursor.chosen()} />
  return (
    <footer className="list-foot">
      <span role="status">
        {isLoaded && (shown === open ? list.summary(open, unacknowledged) : list.narrowed(shown, open))}
      </span>
      <KeyHints />
    </footer>
  )
}

function KeyHints() {
  const { keys } = useText()
  const mayHandle = useMay()('handleFaults')
  const ofActions = [
    ['a', keys.acknowledgeShort],
    ['s', keys.shelveShort],
  ] as const
  const hints: readonly (readonly [key: string, meaning: string])[] = [
    ['j k', keys.moveShort],
    ['Enter', keys.openShort],
    ...(mayHandle ? ofActions : []),
    ['x', keys.selectShort],
    ['?', keys.helpShort],
  ]
  return (
    <span className="key-hints" aria-hidden="true">
      {hints.map(([key, meaning]) => (
        <span key={key}>
          {key.split(' ').map((each) => (
            <kbd key={each}>{each}</kbd>
          ))}
          {meaning}
        </span>
      ))}
    </span>
  )
}
