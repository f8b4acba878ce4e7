// The columns of the registry, in the order of the contract, which keeps its own list beside zod.
import type { NewDevice } from '@ronda/contracts/device'

export type Column = keyof NewDevice

const ranks = {
  id: 0,
  kind: 1,
  name: 2,
  latitude: 3,
  longitude: 4,
  district: 5,
  street: 6,
  pole: 7,
  site: 8,
  cabinet: 9,
  circuit: 10,
  phase: 11,
  supply: 12,
  gateway: 13,
  agency: 14,
  intervalS: 15,
  nominalPowerW: 16,
  nominalVoltageV: 17,
  serial: 18,
  installedAt: 19,
  zone: 20,
  tags: 21,
  enabled: 22,
  rules: 23,
} as const satisfies Record<Column, number>

export function isColumn(name: string): name is Column {
  return Object.hasOwn(ranks, name)
}

export const deviceColumns: readonly Column[] = Object.keys(ranks).filter(isColumn)
