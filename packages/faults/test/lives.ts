// Arbitrary lives of a small town for property tests: anything that a log may hold, in any order.
import type { FaultAction } from '@ronda/contracts/action'
import type { Device } from '@ronda/contracts/device'
import type { FaultEvent } from '@ronda/contracts/fault'
import type { MaintenanceTarget } from '@ronda/contracts/maintenance'
import type { RegistryChange } from '@ronda/contracts/record'
import fc from 'fast-check'
import { type Engine, type Input, type ReadingObject, createEngine } from '../src/engine.ts'
import { type Reading, city, dark, dead, deviceOf, dusk, minute, night, noon, off, powered, shining } from './town.ts'

const lamps = ['pju-1', 'pju-2', 'pju-3', 'pju-4', 'pju-5', 'pju-6', 'pju-7']
const ids = [...lamps, 'pnl-1', 'cam-1', 'ap-1', 'gw-1']

const readings: Record<string, readonly Reading[]> = {
  pju: [
    shining,
    dark,
    off,
    { ...shining, voltageV: 190 },
    { voltageV: 0 },
    { powerW: 98 },
    {},
    { ...shining, voltageV: 250 },
    { ...shining, voltageV: 270 },
    { ...shining, powerW: 140, powerFactor: 0.6, tiltDeg: 1 },
    { ...off, powerW: 98, tiltDeg: 40 },
    { switchCount: 100 },
    { switchCount: 103, tiltDeg: 2 },
    { ...shining, switchCount: 108 },
  ],
  pnl: [
    powered,
    dead,
    { ...powered, voltageL1V: 0 },
    { contactorClosed: true },
    { contactorClosed: false },
    { voltageL1V: 190, voltageL2V: 191, voltageL3V: 192 },
    { doorOpen: true },
    { doorOpen: false, voltageL2V: 268 },
  ],
  cam: [
    { fps: 25 },
    { fps: 0 },
    { signalLoss: true },
    { tooDark: true },
    { tooDark: false, fps: 25 },
    { fps: 5, expectedFps: 25, recording: false, blurry: true },
    { fps: 25, expectedFps: 25, recording: true, blurry: false },
    { storageFailed: true },
    { storageFailed: false, storageFreePct: 3 },
    { storageFailed: false, storageFreePct: 50 },
  ],
  ap: [
    { uplinkLossPct: 30 },
    { uplinkLossPct: 0, uplinkRttMs: 5 },
    { uplinkRttMs: 150 },
    { radiosUp: 1, radiosEnabled: 2, clients: 60 },
    { radiosUp: 2, radiosEnabled: 2, clients: 10 },
    { channelUtilisationPct: 70, retryPct: 30 },
    { channelUtilisationPct: 10, retryPct: 3 },
  ],
  gw: [{ devicesSeen: 3 }],
}

function reading(id: string, choice: number): Reading {
  const choices = readings[id.split('-')[0] ?? ''] ?? []
  return choices[choice % choices.length] ?? {}
}

const placed: Partial<Device> = { cabinet: 'pnl-1', circuit: 'A', gateway: 'gw-1', agency: 'dishub' }

type Clock = 'right' | 'none' | 'late' | 'fast' | 'past' | 'behind' | 'sends late'

type Operation =
  | { action: 'acknowledge' | 'unshelve' }
  | { action: 'assign'; assignee: string }
  | { action: 'comment'; note: string }
  | { action: 'shelve'; reason: string; durationMin: number }
  | { action: 'close'; reason: string }

/** Times in ms from now on. */
type MaintenanceOperation =
  | { action: 'plan-maintenance'; target: MaintenanceTarget; from: number | undefined; to: number }
  | { action: 'change-maintenance'; to: number }
  | { action: 'end-maintenance' }

/** One thing that happens; `at` of an action chooses among the faults or windows there are then, 0 the newest. */
type Happening =
  | { type: 'wait'; ms: number }
  | {
      type: 'report'
      id: string
      choice: number
      clock: Clock
      flags: readonly string[]
    }
  | {
      type: 'live'
      minutes: number
      choice: number
      clock: Clock
      flags: readonly string[]
      reporting: readonly string[]
      beating: readonly string[]
    }
  | { type: 'status'; id: string; online: boolean; will: boolean; retain: boolean; age: number }
  | { type: 'beat'; source: string; accepting: boolean; listeningForMs: number | undefined }
  | { type: 'flicker'; id: string; flips: number; everyMs: number }
  | { type: 'operate'; at: number; again: boolean; expected: number | undefined; what: Operation }
  | { type: 'maintain'; at: number; what: MaintenanceOperation }
  | { type: 'registry'; id: string; change: RegistryChange['change']; more: Partial<Device> }

const id = fc.constantFrom(...ids)
const choice = fc.nat(13)
const clock: fc.Arbitrary<Clock> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('right' as const) },
  { weight: 3, arbitrary: fc.constantFrom<Clock>('none', 'late', 'fast', 'past', 'behind', 'sends late') },
)
const source = fc.constantFrom('broker', 'http')

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 1_000, 5_001, 30_000, 4 * minute, 200 * minute),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('report' as const),
      id,
      choice,
      clock,
      flags: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 3, arbitrary: fc.constantFrom(['lamp_failure'], ['video_loss'], ['control_gear_comm_failure']) },
        { weight: 2, arbitrary: fc.constantFrom(['cycling_failure'], ['thermal_derating'], ['clock_drift']) },
        { weight: 2, arbitrary: fc.constantFrom(['E1'], ['E1', 'E2'], ['vendor:E2', 'high_power']) },
        {
          weight: 1,
          arbitrary: fc.array(
            fc.nat(40).map((n) => `X${n}`),
            { maxLength: 32 },
          ),
        },
      ),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('live' as const),
      minutes: fc.constantFrom(1, 2, 3, 5, 11, 16),
      choice,
      clock,
      flags: fc.constantFrom([], [], [], ['E1'], ['thermal_shutdown', 'E2']),
      reporting: fc.oneof(fc.constantFrom(ids, ids, lamps, ['pnl-1'], []), fc.subarray(ids)),
      beating: fc.constantFrom(['broker', 'http'], ['broker', 'http'], ['broker'], ['http']),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('status' as const),
      id,
      online: fc.boolean(),
      will: fc.boolean(),
      retain: fc.boolean(),
      age: fc.nat(2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('beat' as const),
      source,
      accepting: fc.constantFrom(true, true, false),
      listeningForMs: fc.constantFrom(undefined, 0, 4 * minute, 300 * minute),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('flicker' as const),
      id: fc.constantFrom(...lamps),
      flips: fc.integer({ min: 6, max: 30 }),
      everyMs: fc.constantFrom(1_000, 4_000, 11_000),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('operate' as const),
      at: fc.nat(3),
      again: fc.constantFrom(false, false, true),
      expected: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 5 }),
      what: fc.constantFrom<Operation>(
        { action: 'acknowledge' },
        { action: 'acknowledge' },
        { action: 'assign', assignee: 'Tim 3' },
        { action: 'comment', note: 'dicek' },
        { action: 'shelve', reason: 'suku cadang', durationMin: 3 },
        { action: 'shelve', reason: 'suku cadang', durationMin: 10 },
        { action: 'unshelve' },
        { action: 'close', reason: 'sensor salah' },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('maintain' as const),
      at: fc.nat(1),
      what: fc.oneof(
        fc.record({
          action: fc.constant('plan-maintenance' as const),
          target: fc.constantFrom<MaintenanceTarget>(
            { kind: 'device', id: 'cam-1' },
            { kind: 'cabinet', id: 'pnl-1' },
            { kind: 'district', id: 'serpong' },
          ),
          from: fc.constantFrom(undefined, 0, 5 * minute, -1),
          to: fc.constantFrom(4 * minute, 30 * minute, 240 * minute),
        }),
        fc.record({
          action: fc.constant('change-maintenance' as const),
          to: fc.constantFrom(0, 2 * minute, 60 * minute),
        }),
        fc.constant({ action: 'end-maintenance' as const }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('registry' as const),
      id,
      change: fc.constantFrom('updated' as const, 'updated' as const, 'replaced' as const, 'retired' as const),
      more: fc.constantFrom<Partial<Device>>(
        { name: 'Another name', district: 'pamulang' },
        { enabled: false },
        { enabled: true },
        { intervalS: 20 },
        { circuit: 'B', supply: 'permanent' },
        { supply: 'switched' },
        { cabinet: 'pnl-9' },
        { phase: 'L1' },
        { rules: {} },
        { rules: { lamp_failure: { enabled: false }, day_burner: { limits: { burnsAbove: 0.9 } } } },
        { rules: { lamp_failure: { severity: 'minor', raise: { reports: 4 }, clear: { minutes: 3 } } } },
        { rules: { video_loss: { enabled: false }, 'vendor:E1': { enabled: false } } },
        { rules: { comm_loss: { enabled: false }, feeder_outage: { enabled: false } } },
        { rules: { 'vendor:E1': { severity: 'critical', raise: { reports: 2 } }, clock_drift: { enabled: false } } },
        { site: 'taman' },
        { district: 'pamulang', gateway: 'gw-1' },
      ),
    }),
  },
)

export interface Life {
  start: number
  happenings: Happening[]
}

export const life: fc.Arbitrary<Life> = fc.record({
  start: fc.constantFrom(night, noon, dusk),
  happenings: fc.array(happening, { minLength: 5, maxLength: 40 }),
})

function timesBy(clock: Clock, now: number): Pick<ReadingObject, 'ts' | 'sentAt'> {
  const times: Record<Clock, Pick<ReadingObject, 'ts' | 'sentAt'>> = {
    right: { ts: now },
    none: {},
    late: { ts: now - 20 * minute },
    fast: { ts: now + 7 * 60 * minute },
    past: { ts: now - 1e12 },
    behind: { ts: now - 150_000, sentAt: now - 150_000 },
    'sends late': { ts: now - 150_000, sentAt: now },
  }
  return times[clock]
}

/** Inputs of a life, made by living it once: what operators do depends on the faults they see. */
export function inputsOf({ start, happenings }: Life): Input[] {
  const engine = createEngine({ city, epoch: 'e' })
  const inputs: Input[] = []
  const events: FaultEvent[] = []
  const devices = new Map<string, Device>()
  let now = start
  let session = 1
  let actions = 0
  const windows = new Set<string>()

  function feed(input: Input): void {
    inputs.push(input)
    engine.step(input)
    const effects = engine.takeEffects()
    events.push(...effects.events)
    for (const id of effects.windows.keys()) windows.add(id)
  }
  function choose(known: Iterable<string>, which: number): string {
    const all = [...known]
    return all.at(-1 - (which % Math.max(all.length, 1))) ?? 'none.such.0'
  }
  const at = () => ({ position: inputs.length + 1, receivedAt: now })

  function report(deviceId: string, object: ReadingObject): void {
    const connectedAt = start
    feed({
      ...at(),
      type: 'telemetry',
      deviceId,
      source: deviceId === 'ap-1' ? 'http' : 'broker',
      session: { connectedAt, number: session },
      retain: false,
      objects: [object],
    })
  }

  for (const deviceId of ids) {
    const device = deviceOf(deviceId, deviceId.startsWith('pju') ? placed : {})
    devices.set(deviceId, device)
    feed({ ...at(), type: 'registry', change: { change: 'registered', device, by: 'test' } })
  }
  for (const each of happenings) {
    switch (each.type) {
      case 'wait':
        now += each.ms
        break
      case 'report': {
        const fields = reading(each.id, each.choice)
        report(each.id, { fields, faults: each.flags, ...timesBy(each.clock, now) })
        break
      }
      case 'live':
        for (let i = 0; i < each.minutes * 12; i++) {
          now += 5_000
          for (const name of each.beating) feed({ ...at(), type: 'heartbeat', source: name, accepting: true })
          for (const deviceId of i % 12 === 0 ? each.reporting : []) {
            report(deviceId, {
              ...timesBy(each.clock, now),
              fields: reading(deviceId, each.choice),
              faults: each.flags,
            })
          }
        }
        break
      case 'status':
        if (each.online) session++
        feed({
          ...at(),
          type: 'status',
          deviceId: each.id,
          source: 'broker',
          session: { connectedAt: start, number: Math.max(session - each.age, 0) },
          retain: each.retain,
          will: each.will,
          topic: `t/${each.id}`,
          online: each.online && !each.will,
        })
        break
      case 'beat':
        feed({
          ...at(),
          type: 'heartbeat',
          source: each.source,
          accepting: each.accepting,
          ...(each.listeningForMs === undefined ? {} : { listeningSince: now - each.listeningForMs }),
        })
        break
      case 'flicker':
        for (let i = 0; i < each.flips; i++) {
          now += each.everyMs
          for (const name of ['broker', 'http']) feed({ ...at(), type: 'heartbeat', source: name, accepting: true })
          report(each.id, { ts: now, fields: reading(each.id, 0), faults: i % 3 === 0 ? ['lamp_failure'] : [] })
        }
        break
      case 'operate': {
        const action: FaultAction = {
          actionId: `a${each.again ? actions : ++actions}`,
          faultId: choose(new Set(events.map(({ fault }) => fault.id)), each.at),
          by: 'sari',
          ...each.what,
          ...(each.expected === undefined ? {} : { expectedRevision: each.expected }),
        }
        feed({ ...at(), type: 'action', action })
        break
      }
      case 'maintain': {
        const asked = { actionId: `a${++actions}`, by: 'budi' }
        const { what } = each
        const windowId = choose(windows, each.at)
        if (what.action === 'plan-maintenance') {
          const from = what.from === undefined ? {} : { from: now + what.from }
          const plan = { ...what, ...from, to: now + what.to, reason: 'ganti panel', owner: 'Tim 3' }
          feed({ ...at(), type: 'action', action: { ...asked, ...plan, from: from.from } })
        } else if (what.action === 'change-maintenance') {
          feed({ ...at(), type: 'action', action: { ...asked, action: what.action, windowId, to: now + what.to } })
        } else {
          feed({ ...at(), type: 'action', action: { ...asked, action: what.action, windowId } })
        }
        break
      }
      case 'registry': {
        const known = devices.get(each.id)
        if (known === undefined) break
        const device = { ...known, ...each.more, revision: known.revision + 1 }
        devices.set(each.id, device)
        feed({ ...at(), type: 'registry', change: { change: each.change, device, by: 'test' } })
        break
      }
    }
  }
  return inputs
}

export function feedAll(engine: Engine, inputs: readonly Input[]): void {
  for (const input of inputs) engine.step(input)
}
