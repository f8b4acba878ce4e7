// The open faults: the list, and beside it the one that is open.
import { useRef } from 'react'
import { useRoom, useWatched } from '../context.tsx'
import { FaultDetail } from './fault-detail.tsx'
import { ListPane } from './list-pane.tsx'
import { useCommands } from './use-commands.ts'
import { useIsPhone } from '../frame/use-is-phone.ts'

export function FaultsPage() {
  const { view } = useRoom()
  const { open } = useWatched(view)
  const search = useRef<HTMLInputElement>(null)
  const isPhone = useIsPhone()
  useCommands(search)
  return (
    <div className={open === undefined ? 'panes' : 'panes panes-two'}>
      <ListPane search={search} covered={isPhone && open !== undefined} />
      {open !== undefined && <FaultDetail id={open} />}
    </div>
  )
}
