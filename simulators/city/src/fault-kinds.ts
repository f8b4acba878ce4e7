// Every kind of fault that the city can have: those of one kind of device from its file in ./kinds, those of several here.
import { ofEachKind } from '@ronda/contracts/device-kinds'
import { simulatedKinds } from './device-kinds.ts'
import type { FaultKindFacts, SubjectKind } from './fault-facts.ts'
import { accessPointFaults } from './kinds/access-point.ts'
import { cabinetFaults } from './kinds/cabinet.ts'
import { cameraFaults } from './kinds/camera.ts'
import { streetlightFaults } from './kinds/streetlight.ts'

export const faultKinds = {
  ...streetlightFaults,
  ...cabinetFaults,
  uplink_outage: {
    kinds: { gateway: 20, site: 30, district: 50 },
    share: 1,
    leastMin: 6,
    meanMin: 9,
    seen: 'any time',
    noticed: false,
    leastBehind: 10,
    meaning: 'the uplink of a gateway, a site or a whole district is cut, and all behind it drop off',
  },
  comm_loss: {
    kinds: ofEachKind((kind) => simulatedKinds[kind].parts.comm_loss),
    share: 11,
    leastMin: 4,
    meanMin: 8,
    seen: 'any time',
    noticed: false,
    meaning: 'a device drops off without a word; what it measured meanwhile comes when it is back',
  },
  clock_drift: {
    kinds: ofEachKind((kind) => simulatedKinds[kind].parts.clock_drift),
    share: 2,
    leastMin: 8,
    meanMin: 20,
    seen: 'any time',
    noticed: false,
    meaning: 'the clock of a device is 4–12 min fast or slow',
  },
  ...cameraFaults,
  ...accessPointFaults,
  'vendor:surge_arrester_worn': {
    kinds: { streetlight: 60, cabinet: 40 },
    share: 1,
    leastMin: 4,
    meanMin: 15,
    seen: 'any time',
    reports: 'surge_arrester_worn',
    noticed: true,
    meaning: 'a device reports a code of its maker that no rule knows: its surge arrester is worn',
  },
} as const satisfies Record<string, FaultKindFacts>

export type FaultKind = keyof typeof faultKinds
export const faultKindNames = Object.keys(faultKinds) as readonly FaultKind[]

export const allShares = faultKindNames.reduce((sum, kind) => sum + faultKinds[kind].share, 0)

export function factsOf(kind: FaultKind): FaultKindFacts {
  return faultKinds[kind]
}

export function canHave(kind: SubjectKind, fault: FaultKind): boolean {
  return Object.hasOwn(faultKinds[fault].kinds, kind)
}
