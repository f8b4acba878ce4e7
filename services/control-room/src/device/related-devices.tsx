// What feeds a device, and what it feeds; with what is wrong there.
import type { Device } from '@ronda/contracts/device'
import { pagePathOf } from '@ronda/contracts/page-routes'
import { fetchDevice, listDevices } from '../api/devices.ts'
import { useText } from '../context.tsx'
import { FaultSign, OverWords } from '../faults/severity-mark.tsx'
import { Link } from '../frame/link.tsx'
import type { Marks } from '../map/marks.ts'
import { useDeviceMarks } from '../map/use-marks.ts'
import { useFetched } from '../use-fetched.ts'

const mostShown = 200

export function RelatedDevices({ device }: { device: Device }) {
  const marks = useDeviceMarks()
  return (
    <>
      {device.cabinet !== undefined && <Feeds id={device.cabinet} what="cabinet" marks={marks} />}
      {device.gateway !== undefined && <Feeds id={device.gateway} what="gateway" marks={marks} />}
      {device.kind === 'cabinet' && <Fed id={device.id} marks={marks} />}
    </>
  )
}

interface MarksProps {
  id: string
  marks: Marks['devices']
}

function Feeds({ id, what, marks }: MarksProps & { what: 'cabinet' | 'gateway' }) {
  const { kind } = useText()
  const fetched = useFetched(() => fetchDevice(id), { key: id })
  return (
    <section className="detail-section" aria-label={kind[what]}>
      <h3>{kind[what]}</h3>
      <ul className="relatives">
        <Related id={id} name={fetched.state === 'known' ? fetched.value.name : id} marks={marks} />
      </ul>
    </section>
  )
}

function Fed({ id, marks }: MarksProps) {
  const { device: words } = useText()
  const fetched = useFetched(
    () => listDevices({ search: '', kind: undefined, district: undefined, cabinet: id, limit: mostShown }),
    { key: id },
  )
  if (fetched.state !== 'known') return null
  const { devices, next } = fetched.value
  return (
    <section className="detail-section" aria-label={words.feeds}>
      <h3>{words.feedsCount(devices.length, next !== undefined)}</h3>
      <ul className="relatives device-fed">
        {devices.map((each) => (
          <Related key={each.id} id={each.id} name={each.name} marks={marks} />
        ))}
      </ul>
    </section>
  )
}

function Related({ id, name, marks }: MarksProps & { name: string }) {
  const mark = marks.get(id)
  return (
    <li>
      <Link className="relative device-related" href={pagePathOf({ section: 'devices', id })}>
        {mark === undefined ? <span className="mark" /> : <FaultSign fault={mark.fault} />}
        <span className="relative-name">
          {mark !== undefined && <OverWords fault={mark.fault} />}
          {name}
        </span>
        <code>{id}</code>
      </Link>
    </li>
  )
}
