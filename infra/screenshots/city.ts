// The city in the pictures: simulated, always the same streets, with the faults of an evening that passes in minutes,
// and operators who have begun to see to them.
import type { Device } from '@ronda/contracts/device'
import type { Fault } from '@ronda/contracts/fault'
import type { Role } from '@ronda/contracts/permissions'
import { startSimulator } from '@ronda/city/simulator'
import { createLog } from '@ronda/runtime/log'
import { setTimeout as delay } from 'node:timers/promises'
import { type RunningSystem, startSystem } from '../testing/running-system.ts'

export interface City {
  system: RunningSystem
  /** The worst that nobody has seen to yet, of a device that has a history. */
  fault: Fault
  /** One with lamps that hang on it. */
  cabinet: Device
  /** A one-time link for somebody who may see everything. */
  link(): Promise<string>
  stop(): Promise<void>
}

export interface CityOptions {
  devices: number
  seed: number
  say: (line: string) => void
}

/** From before the lamps are lit until they have burnt for a while. */
const startsAt = '2026-11-20T17:00:00+07:00'
const lastsH = 2.5
const timeScale = 40
const intervalS = 60
const faultsPerMinute = 0.25

const people: readonly { name: string; displayName: string; role: Role }[] = [
  { name: 'sari', displayName: 'Sari Wulandari', role: 'administrator' },
  { name: 'budi', displayName: 'Budi Santoso', role: 'supervisor' },
  { name: 'dewi', displayName: 'Dewi Lestari', role: 'operator' },
  { name: 'wall', displayName: 'Layar ruang kendali', role: 'viewer' },
]

export async function startCity({ devices, seed, say }: CityOptions): Promise<City> {
  const system = await startSystem({ RONDA_TIME_START: startsAt, RONDA_TIME_SCALE: String(timeScale) })
  const failure = Promise.withResolvers<never>()
  const simulator = startSimulator({
    env: system.env,
    options: { devices, seed, intervalS, faultsPerMinute, city: undefined, connectsPerSecond: 200 },
    log: createLog('city', 'error'),
    onFailure: failure.reject,
  })
  async function stop(): Promise<void> {
    await simulator.stop()
    await system.stop()
  }
  try {
    const seconds = (lastsH * 3_600) / timeScale
    say(`${devices} devices; ${lastsH} hours of the city take ${Math.round(seconds)} s`)
    await Promise.race([delay(seconds * 1_000), failure.promise])
    for (const person of people) await system.post('/api/v1/accounts', person)
    const faults = await openFaults(system)
    await seeTo(system, faults)
    const [fault] = faults
    if (fault === undefined) throw new Error('nothing is wrong in the city: take another seed')
    return {
      system,
      fault,
      cabinet: await cabinetOf(system, faults),
      async link() {
        const body = { name: 'Sari Wulandari', role: 'administrator' }
        return (await system.post<{ url: string }>('/api/v1/sign-in-links', body)).url
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What still is wrong first, the worst of it before the rest, and of those the newest. */
async function openFaults(system: RunningSystem): Promise<Fault[]> {
  const { faults } = await system.get<{ faults: Fault[] }>('/api/v1/faults?limit=500')
  const severities = ['critical', 'major', 'minor', 'warning']
  return faults
    .filter(({ parentId }) => parentId === undefined)
    .toSorted(
      (a, b) =>
        Number(b.active) - Number(a.active) ||
        severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
        b.raisedAt - a.raisedAt,
    )
}

/** Two of three are known to somebody, but not the first. What is over closes with its acknowledgement, so that is last. */
async function seeTo(system: RunningSystem, faults: readonly Fault[]): Promise<void> {
  for (const [i, { id }] of faults.slice(1).entries()) {
    if (i % 6 === 1) await system.post(`/api/v1/faults/${id}/assign`, { assignee: `Tim ${(i % 3) + 1}` })
    if (i % 12 === 1) await system.post(`/api/v1/faults/${id}/comment`, { note: 'Teknisi menuju lokasi.' })
    if (i % 3 > 0) await system.post(`/api/v1/faults/${id}/acknowledge`, {})
  }
}

/** One that has a fault, if there is. */
async function cabinetOf(system: RunningSystem, faults: readonly Fault[]): Promise<Device> {
  const failing = faults.find(({ kind }) => kind === 'cabinet')
  const { devices } = await system.get<{ devices: Device[] }>('/api/v1/devices?kind=cabinet')
  const cabinet = devices.find(({ id }) => id === failing?.deviceId) ?? devices[0]
  if (cabinet === undefined) throw new Error('there is no cabinet in the city: take more devices')
  return cabinet
}
