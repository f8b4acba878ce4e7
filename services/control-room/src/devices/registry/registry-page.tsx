// The registry's own pages, for those who may change it: anyone may see what is pending.
import { useMay, useRoom, useText } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { ApprovePage } from './approve-page.tsx'
import { EditPage } from './edit-page.tsx'
import { ImportPage } from './import/import-page.tsx'
import { NewDevicePage } from './new-device-page.tsx'
import { PendingPage } from './pending-page.tsx'
import type { RegistryView } from './registry-view.ts'
import '../../styles/registry.css'
import '../../styles/import-file.css'
import '../../styles/registry-import.css'

export function RegistryPage({ shown }: { shown: RegistryView }) {
  const mayDo = useMay()
  if (shown.view === 'pending') return <PendingPage />
  if (!mayDo('changeDevices')) return <Denied />
  if (shown.view === 'import') return <ImportPage />
  if (shown.view === 'new') return <NewDevicePage />
  const Page = shown.view === 'edit' ? EditPage : ApprovePage
  return <Page key={shown.id} id={shown.id} />
}

function Denied() {
  const { session } = useRoom()
  const { registry: words, role, devices } = useText()
  return (
    <div className="no-rows" role="status">
      <h2>{words.denied}</h2>
      <p>{words.deniedMeaning(role[session.role])}</p>
      <Link className="button" href={pagePathOf({ section: 'devices' })}>
        {devices.toAll}
      </Link>
    </div>
  )
}
