// A device as physics sees it: what it is, what it hangs on, and what is wrong with it. Built once from a plan;
// only the faults, and what they have cost, change.
import type { NewDevice } from '@ronda/contracts/device'
import { type ActiveFaults, noFaults } from './fault-kinds.ts'
import type { Usage } from './physics/night.ts'
import { distanceM } from './plan/district.ts'
import { keyOf } from './random.ts'

export interface Unit {
  readonly device: NewDevice
  /** Its own source of randomness. */
  readonly key: number
  /** The cabinet that supplies it, where that is part of the plan. */
  readonly cabinet: Unit | undefined
  /** The lamps behind a cabinet, or the devices behind a gateway. */
  readonly behind: readonly Unit[]
  /** Length of the cable to the cabinet, in metres. */
  readonly cableM: number
  faults: ActiveFaults
  /** How far a lamp's usage is from its schedule, up to `settledAt`. */
  usageOffset: Pick<Usage, 'burningHours' | 'fullHours'>
  /** ms UTC of the newest change of its own faults or its cabinet's. */
  settledAt: number
}

/** Units in the order of the plan; a reference to what the plan lacks is ignored. */
export function createUnits(plan: readonly NewDevice[], seed: number, now: number): Unit[] {
  const behind = new Map<string, Unit[]>(plan.map(({ id }) => [id, []]))
  const units = new Map<string, Unit>()
  // Lamps need their cabinet's unit, so that comes first, wherever the plan has it.
  const ordered = plan.toSorted((a, b) => Number(a.cabinet !== undefined) - Number(b.cabinet !== undefined))
  for (const device of ordered) {
    const cabinet = device.cabinet === undefined ? undefined : units.get(device.cabinet)
    const unit: Unit = {
      device,
      key: keyOf(seed, device.id),
      cabinet,
      behind: behind.get(device.id) ?? [],
      cableM: cabinet === undefined ? 0 : distanceM(cabinet.device, device),
      faults: noFaults,
      usageOffset: { burningHours: 0, fullHours: 0 },
      settledAt: now,
    }
    units.set(device.id, unit)
    for (const reference of new Set([device.cabinet, device.gateway])) {
      if (reference !== undefined) behind.get(reference)?.push(unit)
    }
  }
  return plan.flatMap(({ id }) => units.get(id) ?? [])
}
