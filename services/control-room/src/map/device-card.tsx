// A device that was picked on the map: what it is, what it said last, and the way to all of it.
import { pagePathOf } from '@ronda/contracts/page-routes'
import { fetchDevice } from '../api/devices.ts'
import { useRoom, useText, useWording } from '../context.tsx'
import { ConnectionState } from '../device/connection-state.tsx'
import { LatestValues } from '../device/latest-values.tsx'
import { useLatest } from '../device/use-latest.ts'
import { SidePane } from '../frame/side-pane.tsx'
import { Link } from '../frame/link.tsx'
import { useSlow } from '../frame/use-slow.ts'
import { useFetched } from '../use-fetched.ts'

export function DeviceCard({ id }: { id: string }) {
  const { view, districtName } = useRoom()
  const { text } = useWording()
  const { device: words } = useText()
  const fetched = useFetched(() => fetchDevice(id), { key: id })
  const device = fetched.state === 'known' ? fetched.value : undefined
  const isSlow = useSlow(fetched.state === 'loading')
  const latest = useLatest(id, device?.intervalS)

  return (
    <SidePane label={words.label} back={words.backToMap} onClose={() => view.change({ device: undefined })}>
      {device !== undefined && (
        <div className="detail-content" tabIndex={0}>
          <header className="detail-head">
            <p className="detail-severity">{text.kind[device.kind]}</p>
            <h2>{device.name}</h2>
            <p className="detail-where">
              {districtName(device.district)}
              {device.street !== undefined && ` · ${device.street}`}
            </p>
            <p className="detail-state">
              <code>{device.id}</code>
            </p>
            {latest.state === 'known' && <ConnectionState latest={latest.value} />}
          </header>
          <Link className="button button-strong detail-acknowledge" href={pagePathOf({ section: 'devices', id })}>
            {words.openPage}
          </Link>
          <LatestValues device={device} latest={latest} />
        </div>
      )}
      {fetched.state === 'missing' && (
        <div className="no-rows">
          <h2>{words.missing}</h2>
          <p>{words.missingMeaning}</p>
        </div>
      )}
      {fetched.state === 'failed' && (
        <div className="no-rows" role="status">
          <h2>{words.failed}</h2>
          <p>{words.failedMeaning}</p>
        </div>
      )}
      {isSlow && <div className="skeleton" />}
    </SidePane>
  )
}
