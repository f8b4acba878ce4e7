// Cabinets: they come with the streets of their lamps (streetlight.ts).
import type { FaultKindFacts } from '../fault-facts.ts'
import { measureCabinet } from '../physics/cabinet.ts'
import type { SimulatedKind } from './kind.ts'

export const cabinetFaults = {
  door_open: {
    kinds: { cabinet: 100 },
    share: 3,
    leastMin: 8,
    meanMin: 15,
    seen: 'any time',
    noticed: true,
    meaning: 'the door of a cabinet stands open',
  },
  feeder_outage: {
    kinds: { cabinet: 100 },
    share: 2,
    leastMin: 3,
    meanMin: 6,
    seen: 'any time',
    noticed: true,
    phases: 'one or all',
    meaning: 'one phase of a cabinet or all three are dead, and the lamps on them are silent',
  },
} as const satisfies Record<string, FaultKindFacts>

export const cabinet: SimulatedKind<'cabinet'> = {
  ids: { prefix: 'panel', digits: 4 },
  measure: measureCabinet,
  parts: { comm_loss: 4, clock_drift: 10 },
}
