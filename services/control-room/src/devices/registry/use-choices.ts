// What can be chosen where a field has no free text.
import { useMemo } from 'react'
import { useRoom, useWording } from '../../context.tsx'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import type { Column } from './device-columns.ts'

export interface Choice {
  readonly value: string
  readonly label: string
}

export function useChoices(): Partial<Record<Column, readonly Choice[]>> {
  const { city } = useRoom()
  const { text, preferences } = useWording()
  return useMemo(() => {
    const none = { value: '', label: text.deviceForm.notStated }
    return {
      kind: deviceKinds.map((value) => ({ value, label: text.kind[value] })),
      district: [none, ...city.districts.map(({ slug, name }) => ({ value: slug, label: name }))],
      agency: [none, ...city.agencies.map(({ id, name }) => ({ value: id, label: name[preferences.language] }))],
      phase: [none, ...['L1', 'L2', 'L3'].map((value) => ({ value, label: value }))],
      supply: Object.entries(text.device.supplies).map(([value, label]) => ({ value, label })),
    }
  }, [city, text, preferences.language])
}
