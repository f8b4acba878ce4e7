// One device of the registry is changed.
import type { Device } from '@ronda/contracts/device'
import { fetchDevice } from '../../api/devices.ts'
import { useText } from '../../context.tsx'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { Link } from '../../frame/link.tsx'
import { useSlow } from '../../frame/use-slow.ts'
import { useFetched } from '../../use-fetched.ts'
import { Conflict } from './conflict.tsx'
import { changedColumns } from './device-draft.ts'
import { DeviceForm } from './device-form.tsx'
import { sayRegistryRefusal } from './refusal.ts'
import { RegistryFrame } from './registry-frame.tsx'
import { useEditing } from './use-editing.ts'

export function EditPage({ id }: { id: string }) {
  const { device: words, deviceForm, devices } = useText()
  const fetched = useFetched(() => fetchDevice(id), { key: id, once: true })
  const isSlow = useSlow(fetched.state === 'loading')
  if (fetched.state === 'known') {
    return (
      <RegistryFrame
        title={deviceForm.editTitle(fetched.value.name)}
        className="registry-form"
        back={{ href: pagePathOf({ section: 'devices', id }), label: fetched.value.name }}
      >
        {fetched.value.retiredAt === undefined ? (
          <Editing device={fetched.value} />
        ) : (
          <p className="form-problem">{deviceForm.retired}</p>
        )}
      </RegistryFrame>
    )
  }
  if (fetched.state === 'loading' && !isSlow) return null
  return (
    <div className="no-rows" role="status">
      {fetched.state === 'loading' && <p>{words.loading}</p>}
      {fetched.state === 'failed' && (
        <>
          <h2>{words.failed}</h2>
          <p>{words.failedMeaning}</p>
        </>
      )}
      {fetched.state === 'missing' && (
        <>
          <h2>{words.missing}</h2>
          <p>{words.missingMeaning}</p>
          <Link className="button" href={pagePathOf({ section: 'devices' })}>
            {devices.toAll}
          </Link>
        </>
      )}
    </div>
  )
}

function Editing({ device }: { device: Device }) {
  const text = useText()
  const { deviceForm: words, registry } = text
  const editing = useEditing(device)
  const { draft, before, wrong, refusal, conflict, isAsking } = editing
  const changes = changedColumns(draft, before).length
  const isAboutFields = refusal?.kind === 'problem' && refusal.problem.code === 'validation_failed' && wrong.length > 0
  return (
    <DeviceForm
      label={words.editTitle(device.name)}
      draft={draft}
      fixed={['id', 'kind']}
      wrong={wrong}
      onChange={editing.write}
      onSubmit={editing.send}
      notes={
        <>
          {conflict !== undefined && <Conflict clashes={conflict} editing={editing} />}
          {refusal !== undefined && (
            <p className="form-problem" role="alert">
              {isAboutFields ? words.check : sayRegistryRefusal(refusal, text)}
            </p>
          )}
        </>
      }
      buttons={
        <>
          <button type="submit" className="button button-strong" disabled={isAsking || changes === 0}>
            {words.save}
          </button>
          <Link className="button" href={pagePathOf({ section: 'devices', id: device.id })}>
            {registry.cancel}
          </Link>
          <span className="hint device-form-count" role="status">
            {changes === 0 ? words.unchanged : words.changes(changes)}
          </span>
        </>
      }
    />
  )
}
