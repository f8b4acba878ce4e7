// All devices, to be searched: enough to reach one.
import type { Device } from '@ronda/contracts/device'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { useMemo, useRef } from 'react'
import { useRoom, useText, useWatched } from '../context.tsx'
import { FaultMark, OverWords } from '../faults/severity-mark.tsx'
import { Link } from '../frame/link.tsx'
import { Chip } from '../frame/chip.tsx'
import { ChipSelect } from '../frame/chip-select.tsx'
import { SearchBox } from '../frame/search-box.tsx'
import { useSearchKeys } from '../frame/use-search-keys.ts'
import { useSlow } from '../frame/use-slow.ts'
import type { Mark } from '../map/marks.ts'
import { useDeviceMarks } from '../map/use-marks.ts'
import { type ListQuery, formatListQuery, parseListQuery } from './list-query.ts'
import { ListActions } from './registry/list-actions.tsx'
import { useDeviceList } from './use-device-list.ts'

export function DeviceList() {
  const { address, city } = useRoom()
  const { query: inAddress } = useWatched(address)
  const query = useMemo(() => parseListQuery(inAddress), [inAddress])
  const text = useText()
  const { devices: words, filters } = text
  const { devices, state, more } = useDeviceList(query)
  const isSlow = useSlow(state === 'loading' && devices.length === 0)
  const search = useRef<HTMLInputElement>(null)
  useSearchKeys(search)

  const change = (part: Partial<ListQuery>) =>
    address.replace(pagePathOf({ section: 'devices' }) + formatListQuery({ ...query, ...part }))

  return (
    <div className="device-list">
      <div className="device-bar">
        <search className="filters" aria-label={filters.region}>
          <SearchBox
            input={search}
            value={query.search}
            label={words.search}
            onChange={(next) => change({ search: next })}
          />
          {deviceKinds.map((kind) => (
            <Chip
              key={kind}
              isOn={query.kind === kind}
              onClick={() => change({ kind: query.kind === kind ? undefined : kind })}
            >
              {text.kind[kind]}
            </Chip>
          ))}
          <ChipSelect
            label={filters.district}
            everything={words.everyDistrict}
            choices={city.districts.map(({ slug, name }) => ({ value: slug, label: name }))}
            value={query.district}
            onChange={(district) => change({ district })}
          />
        </search>
        <ListActions />
      </div>
      <div className="device-scroller" tabIndex={0} role="region" aria-label={words.label}>
        {devices.length > 0 && <DeviceTable devices={devices} isOutdated={state !== 'known'} />}
        {more !== undefined && (
          <button type="button" className="button device-more" onClick={more}>
            {words.more}
          </button>
        )}
        {state === 'known' && devices.length === 0 && (
          <div className="no-rows">
            <h2>{formatListQuery(query) === '' ? text.list.noDevices : words.none}</h2>
            <p>{formatListQuery(query) === '' ? words.noneAtAll : words.noneMeaning}</p>
            {formatListQuery(query) !== '' && (
              <button
                type="button"
                className="button"
                onClick={() => change({ search: '', kind: undefined, district: undefined })}
              >
                {filters.clear}
              </button>
            )}
          </div>
        )}
        {state === 'failed' && (
          <div className={devices.length > 0 ? 'device-failed' : 'no-rows'} role="status">
            <h2>{words.failed}</h2>
            <p>{text.device.failedMeaning}</p>
          </div>
        )}
        {isSlow && (
          <div className="skeleton" role="status" aria-label={words.loading}>
            {Array.from({ length: 8 }, (_, i) => (
              <div key={i} className="skeleton-row" />
            ))}
          </div>
        )}
      </div>
    </div>
  )
}

function DeviceTable({ devices, isOutdated }: { devices: readonly Device[]; isOutdated: boolean }) {
  const { devices: words, list } = useText()
  const marks = useDeviceMarks()
  return (
    <table className={`device-table${isOutdated ? ' device-outdated' : ''}`}>
      <thead>
        <tr>
          <th scope="col">{words.name}</th>
          <th scope="col">{words.kind}</th>
          <th scope="col">{words.district}</th>
          <th scope="col">{words.street}</th>
          <th scope="col">{words.pole}</th>
          <th scope="col">{list.what}</th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <DeviceRow key={device.id} device={device} mark={marks.get(device.id)} />
        ))}
      </tbody>
    </table>
  )
}

function DeviceRow({ device, mark }: { device: Device; mark: Mark | undefined }) {
  const { id, name, kind, district, street, pole } = device
  const { districtName } = useRoom()
  const text = useText()
  return (
    <tr>
      <th scope="row">
        <Link className="device-link" href={pagePathOf({ section: 'devices', id })}>
          {name}
        </Link>
        <code>{id}</code>
      </th>
      <td>{text.kind[kind]}</td>
      <td>{districtName(district)}</td>
      <td>{street}</td>
      <td>{pole}</td>
      <td>
        {mark !== undefined && (
          <span className={`device-worst severity-${mark.fault.severity}`}>
            <FaultMark fault={mark.fault} />
            <span className="word">
              <OverWords fault={mark.fault} />
              {text.severity[mark.fault.severity]}
            </span>
          </span>
        )}
      </td>
    </tr>
  )
}
