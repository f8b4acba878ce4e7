// The control room: frame, strip, list and detail.
import { useEffect, useRef, useState } from 'react'
import { useRoom, useText, useWatched } from './context.tsx'
import { AlertStrip } from './faults/alert-strip.tsx'
import { FaultDetail } from './faults/fault-detail.tsx'
import { tableId } from './faults/fault-table.tsx'
import { ListPane } from './faults/list-pane.tsx'
import { useCommands } from './faults/use-commands.ts'
import { useIsPhone } from './faults/use-row-height.ts'
import { KeysDialog } from './frame/keys-dialog.tsx'
import { NoticeList } from './frame/notice-list.tsx'
import { Rail } from './frame/rail.tsx'
import { TopBar } from './frame/top-bar.tsx'

export function RoomPage({ onSignedOut }: { onSignedOut: () => void }) {
  const { view } = useRoom()
  const { open } = useWatched(view)
  const { frame } = useText()
  const search = useRef<HTMLInputElement>(null)
  const [keysShown, setKeysShown] = useState(false)
  const isPhone = useIsPhone()
  useCommands({ search, onKeys: () => setKeysShown(true) })
  useTitle()
  return (
    <div className="room">
      <a className="skip" href={`#${tableId}`}>
        {frame.skipToFaults}
      </a>
      <Rail onKeys={() => setKeysShown(true)} />
      <TopBar onSignedOut={onSignedOut} />
      <AlertStrip />
      <main className={open === undefined ? 'panes' : 'panes panes-two'}>
        <ListPane search={search} covered={isPhone && open !== undefined} />
        {open !== undefined && <FaultDetail id={open} />}
      </main>
      <NoticeList />
      {keysShown && <KeysDialog onClose={() => setKeysShown(false)} />}
    </div>
  )
}

/** What a tab in the background can still say. */
function useTitle(): void {
  const { city, list, loaded } = useRoom()
  const isLoaded = useWatched(loaded)
  const { pressing, open } = useWatched(list)
  const { frame } = useText()
  useEffect(() => {
    const counts = isLoaded ? ([pressing.length, open] as const) : ([0, 0] as const)
    document.title = frame.title(...counts, city.city.name)
  }, [frame, isLoaded, pressing.length, open, city.city.name])
}
