// A small town for tests: devices that report, sources that beat, time that passes, and what the engine said,
// line by line. Times are seconds or minutes since the start; nothing waits for anything.
import type { FaultAction, OperatorAction, Verdict } from '@ronda/contracts/action'
import type { CityProfile } from '@ronda/contracts/city'
import type { Device } from '@ronda/contracts/device'
import type { FaultEvent, FaultRow } from '@ronda/contracts/fault'
import type { FieldValue } from '@ronda/contracts/fields'
import type { MaintenanceWindow } from '@ronda/contracts/maintenance'
import type { RegistryChange } from '@ronda/contracts/record'
import type { RuleOverrides } from '@ronda/contracts/rule-override'
import {
  type Effects,
  type Engine,
  type EngineCity,
  type Input,
  type ReadingObject,
  type StateRow,
  createEngine,
} from '../src/engine.ts'

/** Tangerang Selatan, WIB = UTC+7. */
export const city: EngineCity = {
  centre: { latitude: -6.29, longitude: 106.71 },
  nominalVoltageV: 230,
  agencies: [
    {
      id: 'dishub',
      name: { en: 'Transport Agency', id: 'Dinas Perhubungan' },
      kinds: ['streetlight', 'cabinet'],
      targets: {
        critical: { responseMin: 15, repairMin: 60 },
        major: { responseMin: 20, repairMin: 120 },
      },
    },
    {
      id: 'diskominfo',
      name: { en: 'Informatics Agency', id: 'Dinas Kominfo' },
      kinds: ['camera', 'access-point', 'gateway'],
    },
  ],
  districtNames: { serpong: 'Serpong' },
}
export const night = Date.parse('2026-03-10T20:00:00+07:00')
export const noon = Date.parse('2026-03-10T12:00:00+07:00')
/** The sun is between −6° and +6°. */
export const dusk = Date.parse('2026-03-10T18:10:00+07:00')
export const dawn = Date.parse('2026-03-10T05:55:00+07:00')

export const second = 1_000
export const minute = 60_000

const kinds = { pju: 'streetlight', pnl: 'cabinet', cam: 'camera', ap: 'access-point', gw: 'gateway' } as const

/** A device as it would be registered; its kind is in its id: pju-1, pnl-1, cam-1, ap-1, gw-1. */
export function deviceOf(id: string, more: Partial<Device> = {}): Device {
  const kind = Object.entries(kinds).find(([prefix]) => id.startsWith(`${prefix}-`))?.[1]
  if (kind === undefined) throw new Error(`what is ${id}?`)
  return {
    id,
    uid: id.replaceAll('-', '').padEnd(10, '0'),
    kind,
    name: id,
    latitude: -6.3,
    longitude: 106.7,
    district: 'serpong',
    supply: 'permanent',
    intervalS: 60,
    zone: 'main',
    enabled: true,
    revision: 1,
    ...(kind === 'streetlight' ? { nominalPowerW: 100 } : {}),
    ...more,
  }
}

export type Reading = Record<string, FieldValue>

export const shining: Reading = { dimPct: 100, powerW: 98, voltageV: 229 }
export const dark: Reading = { dimPct: 100, powerW: 1, voltageV: 229 }
export const off: Reading = { dimPct: 0, powerW: 0, voltageV: 229 }
export const powered: Reading = { voltageL1V: 229, voltageL2V: 230, voltageL3V: 231 }
export const dead: Reading = { voltageL1V: 0, voltageL2V: 0, voltageL3V: 0 }

/** Plain data of a detector that writes everything it takes, as it would look after a restart. */
export interface Written {
  state: Map<string, unknown>
  faults: Map<string, FaultRow>
  archive: Map<string, FaultRow>
  windows: Map<string, MaintenanceWindow>
}

export function write(written: Written, effects: Effects): void {
  for (const [id, window] of effects.windows) written.windows.set(id, throughBytes(window))
  for (const { key, value } of effects.state) {
    if (value === undefined) written.state.delete(key)
    else written.state.set(key, throughBytes(value))
  }
  for (const [id, closedAt] of effects.reopened) written.archive.delete(`${closedAt} ${id}`)
  for (const [id, row] of effects.faults) {
    if (row.fault.closedAt === undefined) {
      written.faults.set(id, throughBytes(row))
    } else {
      written.faults.delete(id)
      written.archive.set(`${row.fault.closedAt} ${id}`, throughBytes(row))
    }
  }
}

/** What of a value survives being written: plain data only. */
export function throughBytes<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

export function restored(written: Written, more: Pick<CityProfile, 'rules'> = {}): Engine {
  const state: StateRow[] = [...written.state].map(([key, value]) => ({ key, value: throughBytes(value) }))
  return createEngine({
    city: { ...city, ...more },
    epoch: 'e',
    restore: { state, faults: [...written.faults.values()].map(throughBytes) },
  })
}

type WithDefaults<T> = T extends OperatorAction
  ? Omit<T, 'actionId' | 'by'> & { actionId?: string; by?: string }
  : never
/** An action; `sari` asks, and each is another one, unless it says so. */
export type Asked<A extends OperatorAction = OperatorAction> = WithDefaults<A>

/** `rules`: overrides of the city. */
export function createTown(options: { at?: number; sources?: readonly string[]; rules?: RuleOverrides } = {}) {
  const start = options.at ?? night
  let now = start
  let position = 0
  let session = 1
  const { rules } = options
  const engine = createEngine({ city: { ...city, ...(rules === undefined ? {} : { rules }) }, epoch: 'e' })
  const beating = new Set(options.sources ?? ['broker'])
  const devices = new Map<string, Device>()
  const inputs: Input[] = []
  const events: FaultEvent[] = []
  const verdicts: Verdict[] = []
  const statuses: Effects['statuses'] = new Map()
  const written: Written = { state: new Map(), faults: new Map(), archive: new Map(), windows: new Map() }

  type WithoutPlace<T> = T extends Input ? Omit<T, 'position' | 'receivedAt'> : never

  function feed(input: WithoutPlace<Input>): void {
    const placed: Input = { ...input, position: ++position, receivedAt: now }
    inputs.push(placed)
    engine.step(placed)
    take()
  }

  function take(): void {
    const effects = engine.takeEffects()
    events.push(...effects.events)
    verdicts.push(...effects.verdicts)
    for (const [id, status] of effects.statuses) statuses.set(id, status)
    write(written, effects)
  }

  function change(kind: RegistryChange['change'], device: Device): void {
    devices.set(device.id, device)
    feed({ type: 'registry', change: { change: kind, device, by: 'test' } })
  }

  function objects(deviceId: string, list: readonly ReadingObject[], { retain = false, source = 'broker' } = {}): void {
    feed({
      type: 'telemetry',
      deviceId,
      source,
      session: { connectedAt: start, number: session },
      retain,
      objects: list,
    })
  }

  const town = {
    engine,
    inputs,
    events,
    verdicts,
    statuses,
    written,
    beating,
    get now() {
      return now
    },

    register: (id: string, more: Partial<Device> = {}) => change('registered', deviceOf(id, more)),
    /** A PATCH, a replacement or a retirement of a registered device. */
    amend(kind: 'updated' | 'replaced' | 'retired', id: string, more: Partial<Device> = {}) {
      const device = devices.get(id) ?? deviceOf(id)
      change(kind, { ...device, ...more, revision: device.revision + 1 })
    },

    objects,
    /** One reading, measured and sent now by a clock that is right. */
    report(id: string, fields: Reading, faults: readonly string[] = []) {
      objects(id, [{ ts: now, fields, faults }])
    },
    status(
      id: string,
      about: { online: boolean; will?: boolean; retain?: boolean; session?: number; source?: string },
    ) {
      const { online, will = false, retain = true, source = 'broker' } = about
      feed({
        type: 'status',
        deviceId: id,
        source,
        session: { connectedAt: start, number: about.session ?? session },
        retain,
        will,
        topic: `tangsel/v1/any/${id}/status`,
        online,
      })
    },
    /** What connects from now on has a newer session. */
    reconnect: () => void session++,
    beat: (source: string, accepting = true, listeningSince?: number) =>
      feed({ type: 'heartbeat', source, accepting, ...(listeningSince === undefined ? {} : { listeningSince }) }),
    /** An acknowledgement. */
    act: (action: Partial<FaultAction & { action: 'acknowledge' }> & { actionId: string; faultId: string }) =>
      feed({ type: 'action', action: { action: 'acknowledge', by: 'sari', ...action } }),
    /** Any action; gives its verdict. */
    ask(action: Asked): Verdict | undefined {
      feed({ type: 'action', action: { actionId: `ask ${position}`, by: 'sari', ...action } })
      return verdicts.at(-1)
    },

    /**
     * Lets time pass while the sources beat each second and those who are named report every minute, each at a
     * second of its own, the first of them at second 1, never at second 0. What happens at the last moment is yours.
     */
    pass(durationMs: number, reporting: Readonly<Record<string, Reading>> = {}) {
      const ids = Object.keys(reporting)
      for (const end = now + durationMs; now < end; ) {
        const step = Math.min(second, end - now)
        now += step
        if (step < second) break
        for (const source of beating) feed({ type: 'heartbeat', source, accepting: true })
        for (const [index, id] of ids.entries()) {
          const slot = 1 + ((index * 7) % 59)
          if (Math.floor((now - start) / second) % 60 === slot) town.report(id, reporting[id] ?? {})
        }
      }
    },
    /** Time that nobody writes down. */
    skip: (durationMs: number) => void (now += durationMs),

    fault(id: string, code: string) {
      return [...written.faults.values()].find(({ fault }) => fault.deviceId === id && fault.code === code)?.fault
    },
    isActive: (id: string, code: string) => town.fault(id, code)?.active === true,

    /** Events since the last call, one line each: time since the start, event, device, code and what it concerns. */
    story(): string[] {
      return events.slice(told, (told = events.length)).map((event) => describeEvent(event, start))
    },
  }
  let told = 0
  return town
}

export type Town = ReturnType<typeof createTown>

function describeEvent({ event, fault, entry }: FaultEvent, start: number): string {
  const seconds = Math.floor((entry.at - start) / second)
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
  const words = [time, event, fault.deviceId, fault.code]
  if (fault.parentId !== undefined) words.push('under', parentOf(fault.parentId))
  if (event === 'updated' && fault.children > 0) words.push(`×${fault.children}`)
  if (event === 'raised' && fault.occurrences > 1) words.push(`#${fault.occurrences}`)
  if (entry.by !== undefined) words.push('by', entry.by)
  if (entry.note !== undefined) words.push(`(${entry.note})`)
  return words.join(' ')
}

/** `pnl10000000.feeder_outage.x` → `feeder_outage`. */
function parentOf(faultId: string): string {
  return faultId.split('.')[1] ?? faultId
}
