// The devices: a list to search, and each on a page of its own.
import type { SectionProps } from '../sections.ts'
import { DevicePage } from '../device/device-page.tsx'
import { DeviceList } from './device-list.tsx'
import '../styles/devices.css'

export function DevicesPage({ id }: SectionProps) {
  return id === undefined ? <DeviceList /> : <DevicePage key={id} id={id} />
}
