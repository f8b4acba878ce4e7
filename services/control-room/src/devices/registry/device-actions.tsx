// What an administrator does to one device, on its own page.
import type { Device } from '@ronda/contracts/device'
import { useState } from 'react'
import { useMay, useText } from '../../context.tsx'
import { Link } from '../../frame/link.tsx'
import { NewTokenDialog } from './new-token-dialog.tsx'
import { registryPathOf } from './registry-view.ts'
import { RetireDialog } from './retire-dialog.tsx'
import '../../styles/registry.css'

export function DeviceActions({ device, onChanged }: { device: Device; onChanged: () => void }) {
  const { registry: words } = useText()
  const mayDo = useMay()
  const [asked, setAsked] = useState<'token' | 'retire'>()
  if (!mayDo('changeDevices') || device.retiredAt !== undefined) return null
  const close = () => setAsked(undefined)
  return (
    <div className="device-actions" role="group" aria-label={words.actions}>
      <Link className="button" href={registryPathOf({ view: 'edit', id: device.id })}>
        {words.edit}
      </Link>
      <button type="button" className="button" onClick={() => setAsked('token')}>
        {words.newToken}…
      </button>
      <button type="button" className="button" onClick={() => setAsked('retire')}>
        {words.retire}…
      </button>
      {asked === 'token' && <NewTokenDialog device={device} onClose={close} />}
      {asked === 'retire' && <RetireDialog device={device} onClose={close} onRetired={onChanged} />}
    </div>
  )
}
