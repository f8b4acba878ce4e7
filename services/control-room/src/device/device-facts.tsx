// A device's entry of the registry.
import type { Device } from '@ronda/contracts/device'
import type { ReactNode } from 'react'
import { useRoom, useWording } from '../context.tsx'
import { Moment } from '../faults/age.tsx'
import { formatAge } from '../format/age.ts'
import { fieldLabel, formatField } from '../format/evidence.ts'
import { formatPosition } from '../format/position.ts'

export function DeviceFacts({ device }: { device: Device }) {
  const { city, districtName } = useRoom()
  const { text, locale, preferences } = useWording()
  const { language } = preferences
  const { detail, device: words } = text
  const format = { text, locale, language }
  const agency = city.agencies.find(({ id }) => id === device.agency)?.name[language] ?? device.agency
  const nominal = (field: 'nominalPowerW' | 'nominalVoltageV'): [string, ReactNode] => {
    const value = device[field]
    return [fieldLabel(field, format), value === undefined ? undefined : formatField(field, value, format)]
  }
  const facts: [label: string, value: ReactNode][] = [
    [detail.kind, text.kind[device.kind]],
    [detail.district, districtName(device.district)],
    [words.street, device.street],
    [words.pole, device.pole],
    [detail.position, <code>{formatPosition(device)}</code>],
    [detail.agency, agency],
    [words.site, device.site],
    [words.circuit, device.circuit],
    [fieldLabel('phase', format), device.phase],
    [words.supply, device.kind === 'streetlight' ? words.supplies[device.supply] : undefined],
    nominal('nominalPowerW'),
    nominal('nominalVoltageV'),
    [words.interval, formatAge(device.intervalS * 1_000, text.age)],
    [words.serial, device.serial],
    [words.installed, device.installedAt === undefined ? undefined : <Moment at={device.installedAt} />],
    [words.tags, device.tags?.join(', ')],
    [words.rules, device.rules === undefined ? undefined : Object.keys(device.rules).join(', ') || undefined],
  ]
  return (
    <section className="detail-section" aria-label={words.facts}>
      <h3>{words.facts}</h3>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  )
}
