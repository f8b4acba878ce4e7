// Arbitrary troubles of a district for property tests: cabinets cut, gateways dead, networks and sources away, one over
// the other, in any order; and afterwards, if wanted, an hour in which all is well.
import type { Device } from '@ronda/contracts/device'
import fc from 'fast-check'
import type { Input } from '../src/engine.ts'
import { type Reading, dead, deviceOf, night, noon, powered } from './town.ts'

const street = (n: number, count: number, more: Partial<Device>) =>
  Array.from({ length: count }, (_, index) => deviceOf(`pju-${n}${index}`, { circuit: 'A', gateway: 'gw-1', ...more }))

const devices: readonly Device[] = [
  deviceOf('gw-1', { cabinet: 'pnl-1' }),
  deviceOf('pnl-1', { gateway: 'gw-1' }),
  deviceOf('pnl-2'),
  ...street(1, 7, { cabinet: 'pnl-1', phase: 'L1' }),
  ...street(2, 7, { cabinet: 'pnl-2', supply: 'switched' }),
  deviceOf('gw-2', { site: 'taman' }),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => deviceOf(`ap-${n}`, { site: 'taman', gateway: 'gw-2' })),
  ...[1, 2, 3, 4].map((n) => deviceOf(`cam-${n}`, { site: 'taman' })),
  deviceOf('cam-9', { district: 'pamulang' }),
]

const places = ['pnl-1', 'pnl-2', 'gw-1', 'gw-2', 'taman', 'serpong'] as const
type Place = (typeof places)[number]

/** A while in which something is wrong, as it would be sent. */
interface Episode {
  minutes: number
  /** Cabinets without voltage, gateways that are dead, networks that are away. */
  out: readonly Place[]
  /** Cut cabinets have a battery and tell of it; lamps say goodbye. */
  tells: boolean
  contactorClosed: boolean
  blind: boolean
  moved: { id: string; more: Partial<Device> } | undefined
  acknowledged: number | undefined
}

const all = devices.map(({ id }) => id)

const episode: fc.Arbitrary<Episode> = fc.record({
  minutes: fc.integer({ min: 1, max: 9 }),
  out: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: fc.subarray([...places]) }),
  tells: fc.boolean(),
  contactorClosed: fc.constantFrom(true, true, false),
  blind: fc.constantFrom(false, false, false, true),
  moved: fc.option(
    fc.record({
      id: fc.constantFrom(...all),
      more: fc.constantFrom<Partial<Device>>(
        { enabled: false },
        { enabled: true },
        { gateway: 'gw-2' },
        { gateway: 'gw-1' },
        { site: 'taman' },
        { district: 'pamulang' },
        { cabinet: 'pnl-2' },
        { cabinet: 'pnl-1', circuit: 'B' },
      ),
    }),
    { nil: undefined, freq: 3 },
  ),
  acknowledged: fc.option(fc.nat(20), { nil: undefined }),
})

export interface Troubles {
  start: number
  episodes: Episode[]
}

export const troubles: fc.Arbitrary<Troubles> = fc.record({
  start: fc.constantFrom(night, noon),
  episodes: fc.array(episode, { minLength: 1, maxLength: 8 }),
})

const well: Episode = {
  minutes: 60,
  out: [],
  tells: true,
  contactorClosed: true,
  blind: false,
  moved: undefined,
  acknowledged: undefined,
}

/**
 * What the log holds of them; `faultId` gives the fault that an operator acknowledges, by a number. `ends`: whether
 * an hour follows in which all are in service and report.
 */
export function* inputsOf(
  { start, episodes }: Troubles,
  { faultId, ends }: { faultId: (choice: number) => string | undefined; ends: boolean },
): Iterable<Input> {
  const registered = new Map(devices.map((device) => [device.id, device]))
  let now = start
  let position = 0
  let actions = 0
  const at = () => ({ position: ++position, receivedAt: now })
  const register = (change: 'registered' | 'updated', device: Device): Input => {
    registered.set(device.id, device)
    return { ...at(), type: 'registry', change: { change, device, by: 'test' } }
  }

  for (const device of devices) yield register('registered', device)
  const enabled = () =>
    [...registered.values()].map((device) => ({ id: device.id, more: { ...device, enabled: true } }))
  for (const each of ends ? [...episodes, well] : episodes) {
    const { moved, acknowledged } = each
    for (const { id, more } of each === well ? enabled() : moved === undefined ? [] : [moved]) {
      const device = registered.get(id)
      if (device !== undefined) yield register('updated', { ...device, ...more, revision: device.revision + 1 })
    }
    for (let second = 0; second < each.minutes * 60; second += 5) {
      now += 5_000
      if (each.blind) continue
      yield { ...at(), type: 'heartbeat', source: 'broker', accepting: true }
      for (const [index, device] of [...registered.values()].entries()) {
        const fields = (index * 5) % 60 === second % 60 ? readingOf(device, each, registered) : undefined
        if (fields === undefined) continue
        const session = { connectedAt: start, number: 1 }
        const objects = [{ ts: now, fields, faults: [] }]
        yield { ...at(), type: 'telemetry', deviceId: device.id, source: 'broker', session, retain: false, objects }
      }
    }
    const id = acknowledged === undefined ? undefined : faultId(acknowledged)
    if (id === undefined) continue
    const action = { actionId: `a${++actions}`, faultId: id, action: 'acknowledge' as const, by: 'sari' }
    yield { ...at(), type: 'action', action }
  }
}

/** What a device would send, if anything of it would arrive. */
function readingOf(device: Device, episode: Episode, registered: ReadonlyMap<string, Device>): Reading | undefined {
  const { id, kind, gateway, site, district, cabinet, supply } = device
  const { out, tells, contactorClosed } = episode
  const has = (place: string | undefined) => out.some((each) => each === place)
  if (has(site) || has(district) || has(gateway) || (kind === 'gateway' && has(id))) return undefined
  if (kind === 'cabinet')
    return has(id) ? (tells ? { ...dead, contactorClosed } : undefined) : { ...powered, contactorClosed }
  if (kind === 'camera') return { fps: 25 }
  if (kind === 'access-point') return { clients: 3 }
  if (kind === 'gateway') return { devicesSeen: 3 }
  if (has(cabinet)) return undefined
  if (supply === 'switched' && !contactorClosed && registered.has(cabinet ?? '')) return undefined
  return { voltageV: 229 }
}
