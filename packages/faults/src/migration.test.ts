// State as older versions of Ronda wrote it is read, and goes on as if it had been written by this one.
import { readFileSync } from 'node:fs'
import type { AppError } from '@ronda/contracts/errors'
import type { FaultRow } from '@ronda/contracts/fault'
import { describe, expect, it } from 'vitest'
import { type Reading, type Written, dark, minute, powered, restored, second, shining, write } from '../test/town.ts'
import type { Engine, StateRow } from './engine.ts'
import { stateVersion } from './migration.ts'

/**
 * A town in the middle of things, the whole of it in one log of position 2276: an outage at pnl-1 with its lamps and
 * their consequence; a lamp failure that is acknowledged (pju-8) and one that was closed (pju-9), which has a clock
 * that stands in the year 2000 and a will; half a video loss; a poor uplink that is 5 min old; a blind source.
 */
function writtenByVersion(version: number): Written {
  const file = new URL(`../test/state-v${version}.json`, import.meta.url)
  // As it was written by that version.
  const { state, faults } = JSON.parse(readFileSync(file, 'utf8')) as { state: StateRow[]; faults: FaultRow[] }
  return {
    state: new Map(state.map(({ key, value }) => [key, value])),
    faults: new Map(faults.map((row) => [row.fault.id, row])),
    archive: new Map(),
    windows: new Map(),
  }
}

/** By the clock of pju-9, at the first second after the fixtures. */
const in2000 = 946_684_800_000 + minute + 21 * second

const older = Array.from({ length: stateVersion }, (_, version) => version)

/** What happens after the state of the fixtures, step by step, and the lines that the engine says. */
function goOn(engine: Engine, written: Written): string[] {
  let position = 2_276
  let now = engine.logTime
  const lines: string[] = []
  const session = { connectedAt: now, number: 9 }
  const place = () => ({ position: ++position, receivedAt: now, source: 'broker' })
  const take = () => {
    const effects = engine.takeEffects()
    write(written, effects)
    for (const { event, fault } of effects.events) lines.push(`${event} ${fault.deviceId} ${fault.code}`)
    for (const { actionId, done, code } of effects.verdicts) lines.push(`${actionId} ${done ? 'done' : code}`)
  }
  const beat = () => engine.step({ ...place(), type: 'heartbeat', accepting: true })
  const report = (deviceId: string, fields: Reading, ts = now) =>
    engine.step({
      ...place(),
      type: 'telemetry',
      deviceId,
      session,
      retain: false,
      objects: [{ ts, fields, faults: [] }],
    })
  const act = (actionId: string, faultId: string) =>
    engine.step({ ...place(), type: 'action', action: { actionId, action: 'acknowledge', faultId, by: 'budi' } })

  const [outage] = [...written.faults.values()].filter(({ fault }) => fault.code === 'feeder_outage')
  act('act-1', 'whatever')
  act('act-3', outage?.fault.id ?? '')
  take()
  now += second
  beat()
  // The second report without a frame, the third with the same wrong clock, then a lamp that is dark once more.
  report('cam-1', { fps: 0 })
  report('pju-9', dark, in2000)
  report('pju-9', dark, in2000 + second)
  take()
  for (let i = 0; i < 2; i++) {
    now += second
    beat()
    report('pnl-1', powered)
    report('pju-8', shining)
  }
  take()
  return lines
}

describe('state that an older version wrote', () => {
  it.each(older)('is read: version %i', (version) => {
    const written = writtenByVersion(version)
    const engine = restored(written)
    expect(engine.blind).toEqual([{ source: 'http', since: 1_773_148_620_000 }])
    expect(goOn(engine, written)).toEqual([
      'acknowledged pnl-1 feeder_outage',
      'acknowledged pju-7 comm_loss',
      'act-1 done',
      'act-3 done',
      'raised cam-1 video_loss',
      'raised pju-9 lamp_failure',
      'cleared pnl-1 feeder_outage',
      'closed pnl-1 feeder_outage',
      'cleared pju-8 lamp_failure',
      'closed pju-8 lamp_failure',
    ])
  })

  it.each(older)('is written anew with the first effects, once: version %i', (version) => {
    const written = writtenByVersion(version)
    written.state.set('device/nobody', [0, '', 0, 0, null, null])
    const engine = restored(written)
    engine.step({ type: 'heartbeat', position: 2_277, receivedAt: engine.logTime, source: 'broker', accepting: true })
    const { state } = engine.takeEffects()
    expect(state.map(({ key }) => key).toSorted()).toEqual([...written.state.keys()].toSorted())
    expect(state.find(({ key }) => key === 'device/nobody')).toEqual({ key: 'device/nobody', value: undefined })
    expect(state.find(({ key }) => key === 'engine')?.value).toMatchObject({ v: stateVersion })
    for (const { key, value } of state) {
      if (value === undefined) written.state.delete(key)
      else written.state.set(key, value)
    }
    expect(restored(written).takeEffects().state).toEqual([])
  })
})

it('rows of a newer version are refused: which, and what to do', () => {
  const written = writtenByVersion(0)
  const { epoch, position, logTime } = written.state.get('engine') as Record<string, unknown>
  written.state.set('engine', { v: stateVersion + 1, epoch, position, logTime })
  expect(() => restored(written)).toThrow(
    expect.objectContaining({
      code: 'data_dir_newer' satisfies AppError['code'],
      message: expect.stringMatching(`rows of version ${stateVersion + 1}.*start the one that wrote them`),
    }),
  )
})
