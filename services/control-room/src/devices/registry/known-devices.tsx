// Proposals for a field that names another device: those of its kind that fit what is written so far.
import type { DeviceKind } from '@ronda/contracts/topics'
import { useDeferredValue } from 'react'
import { listDevices } from '../../api/devices.ts'
import { useFetched } from '../../use-fetched.ts'

const mostProposed = 20

export function KnownDevices({ kind, search }: { kind: DeviceKind; search: string }) {
  const looked = useDeferredValue(search.trim())
  const fetched = useFetched(() => listDevices({ search: looked, kind, district: undefined, limit: mostProposed }), {
    key: looked,
    once: true,
  })
  return (
    <datalist id={`known-${kind}`}>
      {fetched.state === 'known' &&
        fetched.value.devices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
    </datalist>
  )
}
