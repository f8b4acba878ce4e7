// The devices: a list to search, each on a page of its own, and the registry that they are in.
import { DevicePage } from '../device/device-page.tsx'
import type { SectionProps } from '../sections.ts'
import { DeviceList } from './device-list.tsx'
import { IssuedTokens } from './registry/issued-tokens.tsx'
import { RegistryPage } from './registry/registry-page.tsx'
import { useRegistryView } from './registry/registry-view.ts'
import '../styles/devices.css'

export function DevicesPage({ id }: SectionProps) {
  return (
    <IssuedTokens>
      <Shown id={id} />
    </IssuedTokens>
  )
}

function Shown({ id }: SectionProps) {
  const registry = useRegistryView(id)
  if (registry !== undefined) return <RegistryPage shown={registry} />
  return id === undefined ? <DeviceList /> : <DevicePage key={id} id={id} />
}
