// What the street lights used last night and a week before, by their counters. History is asked for the hours around dusk
// and dawn alone, so that it takes the same however often lights report at night; gaps between do not matter to a counter.
import type { City } from '@ronda/contracts/city'
import type { DeviceRow } from '@ronda/contracts/device'
import type { NightEnergy, NightUse } from '@ronda/contracts/night-energy'
import { measurementOf } from '@ronda/contracts/measurements'
import { type Night, lastNightBefore, nightAround } from '@ronda/faults/nights'
import { createSun } from '@ronda/faults/sun'
import type { HistoryRow, Store } from '@ronda/store/store'

/**
 * How far from dusk and dawn a counter may have been read. Lights are off for most of the half hour before the one and after
 * the other, and those behind a contactor have no supply until about dusk.
 */
export const edgeMs = 30 * 60_000
const weekMs = 7 * 86_400_000

export interface NightEnergyDeps {
  devices: { values(): Iterable<DeviceRow> }
  store: Pick<Store, 'newest' | 'oldest'>
  city: City
  /** ms UTC of stamped time. */
  now: () => number
}

export async function readNightEnergy({ devices, store, city, now }: NightEnergyDeps): Promise<NightEnergy> {
  const sun = createSun(city.profile.centre)
  // Until then its end is still being reported.
  const lastNight = lastNightBefore(sun, now() - edgeMs)
  const weekBefore =
    lastNight === undefined ? undefined : nightAround(sun, (lastNight.from + lastNight.to) / 2 - weekMs)
  const lights = [...devices.values()]
    .map(({ device }) => device)
    .filter(({ kind, enabled, retiredAt }) => kind === 'streetlight' && enabled && retiredAt === undefined)
    .map(({ id }) => id)
  // One after the other: both at once would take both of the store's readers.
  const used = await readUses(store, lights, lastNight)
  const usedBefore = await readUses(store, lights, weekBefore)
  const both = lights.filter((id) => used.has(id) && usedBefore.has(id))
  return {
    lights: lights.length,
    lastNight: useOf(lastNight, used),
    weekBefore: useOf(weekBefore, usedBefore),
    both: { lights: both.length, lastNightKWh: kWhOf(used, both), weekBeforeKWh: kWhOf(usedBefore, both) },
  }
}

/** Wh by light, of those whose counter is known at both ends and did not go back. */
async function readUses(
  store: NightEnergyDeps['store'],
  lights: readonly string[],
  night: Night | undefined,
): Promise<Map<string, number>> {
  if (night === undefined) return new Map()
  const around = (at: number) => ({
    measurement: measurementOf('streetlight'),
    fields: ['energyWh'],
    from: at - edgeMs,
    to: at + edgeMs,
  })
  const atDusk = await store.oldest(around(night.from))
  const atDawn = await store.newest(around(night.to))
  const used = new Map<string, number>()
  for (const id of lights) {
    const [before, after] = [counterOf(atDusk.get(id)), counterOf(atDawn.get(id))]
    if (before !== undefined && after !== undefined && after >= before) used.set(id, after - before)
  }
  return used
}

function counterOf(row: HistoryRow | undefined): number | undefined {
  const value = row?.values.energyWh
  return typeof value === 'number' ? value : undefined
}

function useOf(night: Night | undefined, used: ReadonlyMap<string, number>): NightUse | null {
  return night === undefined ? null : { ...night, lights: used.size, kWh: kWhOf(used, used.keys()) }
}

function kWhOf(used: ReadonlyMap<string, number>, ids: Iterable<string>): number {
  let sum = 0
  for (const id of ids) sum += used.get(id) ?? 0
  return sum / 1_000
}
