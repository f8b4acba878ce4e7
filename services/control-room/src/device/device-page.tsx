// A device: what it is and where, what it should do and does, what it said over time, what is or was wrong with it, and
// what belongs to it.
import type { Device } from '@ronda/contracts/device'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useState } from 'react'
import { fetchDevice } from '../api/devices.ts'
import { useRoom, useText } from '../context.tsx'
import { DeviceActions } from '../devices/registry/device-actions.tsx'
import { BackIcon, MapIcon } from '../frame/icons.tsx'
import { Link } from '../frame/link.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { useFetched } from '../use-fetched.ts'
import { ConnectionState } from './connection-state.tsx'
import { DeviceFacts } from './device-facts.tsx'
import { DeviceFaults } from './device-faults.tsx'
import { History } from './history.tsx'
import { ConnectionLog } from './past/connection-log.tsx'
import { PastMonth } from './past/past-month.tsx'
import { LatestValues } from './latest-values.tsx'
import { RelatedDevices } from './related-devices.tsx'
import { ShouldAndDoes } from './should-and-does.tsx'
import { useLatest } from './use-latest.ts'

/** How often it is asked whether its entry has changed. */
const everyMs = 60_000

export function DevicePage({ id }: { id: string }) {
  const { device: words, devices } = useText()
  const [changes, setChanges] = useState(0)
  const fetched = useFetched(() => fetchDevice(id), { key: id, revision: changes, everyMs })
  const isSlow = useSlow(fetched.state === 'loading')
  if (fetched.state === 'known') return <Shown device={fetched.value} onChanged={() => setChanges((n) => n + 1)} />
  if (fetched.state === 'loading') {
    return isSlow ? (
      <div className="no-rows" role="status">
        <p>{words.loading}</p>
      </div>
    ) : null
  }
  const isMissing = fetched.state === 'missing'
  return (
    <div className="no-rows" role="status">
      <h2>{isMissing ? words.missing : words.failed}</h2>
      <p>{isMissing ? words.missingMeaning : words.failedMeaning}</p>
      {isMissing && (
        <Link className="button" href={pagePathOf({ section: 'devices' })}>
          {devices.toAll}
        </Link>
      )}
    </div>
  )
}

function Shown({ device, onChanged }: { device: Device; onChanged: () => void }) {
  const { districtName } = useRoom()
  const { device: words, devices, kind } = useText()
  const latest = useLatest(device.id, device.intervalS)
  return (
    <article className="device-page" tabIndex={0} aria-label={device.name}>
      <header className="device-head">
        <Link className="device-back" href={pagePathOf({ section: 'devices' })}>
          <BackIcon />
          {devices.toAll}
        </Link>
        <div className="device-title">
          <h2>{device.name}</h2>
          <code>{device.id}</code>
        </div>
        <p className="device-where">
          {[kind[device.kind], districtName(device.district), device.street]
            .filter((part) => part !== undefined)
            .join(' · ')}
        </p>
        {device.retiredAt !== undefined && <p className="device-state-note">{words.retired}</p>}
        {!device.enabled && device.retiredAt === undefined && <p className="device-state-note">{words.disabled}</p>}
        {latest.state === 'known' && <ConnectionState latest={latest.value} />}
        <Link className="button device-on-map" href={`${pagePathOf({ section: 'map' })}?device=${device.id}`}>
          <MapIcon />
          {words.onMap}
        </Link>
        <DeviceActions device={device} onChanged={onChanged} />
      </header>
      <div className="device-columns">
        <div className="device-main">
          {latest.state === 'known' && <ShouldAndDoes device={device} latest={latest.value} />}
          <PastMonth device={device} />
          <History device={device} />
          <ConnectionLog id={device.id} latest={latest.state === 'known' ? latest.value : undefined} />
        </div>
        <div className="device-side">
          <DeviceFaults id={device.id} />
          <LatestValues device={device} latest={latest} />
          <RelatedDevices device={device} />
          <DeviceFacts device={device} />
        </div>
      </div>
    </article>
  )
}
