// A pending device is registered: its id and kind are what its gateway told, the rest somebody states.
import type { PendingDevice } from '@ronda/contracts/pending-device'
import { approvePending, fetchPending } from '../../api/registry.ts'
import { useText } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import { useSlow } from '../../frame/use-slow.ts'
import { useFetched } from '../../use-fetched.ts'
import { RegisteringForm } from './registering-form.tsx'
import { RegistryFrame } from './registry-frame.tsx'
import { registryPathOf } from './registry-view.ts'
import { useRegistering } from './use-registering.ts'

export function ApprovePage({ id }: { id: string }) {
  const { deviceForm, pending: words, device } = useText()
  const fetched = useFetched(() => fetchPending(id), { key: id, once: true })
  const isSlow = useSlow(fetched.state === 'loading')
  return (
    <RegistryFrame
      title={deviceForm.approveTitle(id)}
      className="registry-form"
      back={{ href: registryPathOf({ view: 'pending' }), label: words.title }}
    >
      {fetched.state === 'known' && <Approving pending={fetched.value} />}
      {fetched.state === 'missing' && (
        <div className="no-rows" role="status">
          <p>{words.gone(id)}</p>
          <Link className="button" href={registryPathOf({ view: 'pending' })}>
            {words.title}
          </Link>
        </div>
      )}
      {fetched.state === 'failed' && (
        <div className="no-rows" role="status">
          <h2>{words.failed}</h2>
          <p>{device.failedMeaning}</p>
        </div>
      )}
      {isSlow && (
        <div className="no-rows" role="status">
          <p>{words.loading}</p>
        </div>
      )}
    </RegistryFrame>
  )
}

function Approving({ pending: { id, kind, gateway } }: { pending: PendingDevice }) {
  const { deviceForm: words } = useText()
  const registering = useRegistering(
    // Its id and kind are the pending device's own.
    ({ id: _id, kind: _kind, ...stated }) => approvePending(id, stated),
    { id, kind, gateway, name: id },
  )
  return (
    <RegisteringForm
      title={words.approveTitle(id)}
      registering={registering}
      fixed={['id', 'kind']}
      back={registryPathOf({ view: 'pending' })}
    />
  )
}
