// What stands beside the list of devices: the ways into the registry, and how many devices wait there.
import { listPending } from '../../api/registry.ts'
import { useMay, useText } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import { useFetched } from '../../use-fetched.ts'
import { registryPathOf } from './registry-view.ts'
import '../../styles/registry.css'

const everyMs = 15_000
const mostCounted = 99

export function ListActions() {
  const { registry: words } = useText()
  const mayDo = useMay()
  const fetched = useFetched(() => listPending(mostCounted), { key: 'count', everyMs })
  const { pendingDevices, next } = fetched.state === 'known' ? fetched.value : { pendingDevices: [] }
  const isAny = pendingDevices.length > 0
  return (
    <div className="list-actions">
      <Link className={`chip${isAny ? ' list-pending' : ''}`} href={registryPathOf({ view: 'pending' })}>
        {isAny ? words.pendingCount(pendingDevices.length, next !== undefined) : words.pending}
      </Link>
      {mayDo('changeDevices') && (
        <>
          <Link className="chip" href={registryPathOf({ view: 'import' })}>
            {words.import}
          </Link>
          <Link className="chip" href={registryPathOf({ view: 'new' })}>
            {words.register}
          </Link>
        </>
      )}
    </div>
  )
}
