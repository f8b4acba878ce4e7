// The fault engine by itself: how fast it takes the readings of a city in which nothing is wrong, how long time takes
// to pass over the timers of very many devices, and what their state costs; then the detector, which keeps it.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../engine/run.ts'
import { makeTemporaryFolder } from '../interruption.ts'
import type { Target } from '../report.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const parts = {
  readings: 'readings, 50,000 devices',
  state: 'ticks and state, 100,000 devices',
  keeping: 'the detector keeps it, 100,000 devices',
} as const
const devices = { normal: 50_000, many: 100_000 }
const megabyte = 1_024 ** 2

export const engineSuite: Suite = {
  about:
    'The fault engine alone, in a city in which nothing is wrong: readings a second, garbage, ticks, the memory of its state; and the detector that keeps it.',
  parts: Object.values(parts),
  async run(options) {
    const { wants } = options
    if (wants(parts.readings)) await measureReadings(options)
    if (wants(parts.state)) await measureState(options)
    if (wants(parts.keeping)) await measureKeeping(options)
  },
}

async function measureReadings({ report, quick }: SuiteOptions): Promise<void> {
  const of = '50,000 devices in normal state'
  const result = await run('speed', { devices: devices.normal, rounds: quick ? 2 : 5 })
  const add = (figure: string, value: number, unit: string, target: Target) =>
    report.add({ suite: 'engine', figure: `${figure}, ${of}`, value, unit, target })
  add('readings', result.readingsPerSecond, '1/s of one core', atLeast(500_000))
  add('left for the garbage collector', result.bytesPerReading, 'bytes a reading', atMost(128))
  add('events of faults', result.events, '', atMost(0))
}

async function measureState({ report, quick }: SuiteOptions): Promise<void> {
  const of = '100,000 devices'
  const dir = makeTemporaryFolder()
  const rowsFile = join(dir, 'rows')
  const add = (figure: string, value: number, unit: string, target?: Target) =>
    report.add({
      suite: 'engine',
      figure: `${figure}, ${of}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    })
  try {
    const ticks = await run('ticks', { devices: devices.many, minutes: quick ? 1 : 3, rowsFile })
    add('tick, nothing due: p99', ticks.idle.p99, 'ms', atMost(5))
    add('tick, a second’s timers due: p99', ticks.usual.p99, 'ms', atMost(5))
    add('tick, 5,000 timers due: p50', ticks.lockstep.p50, 'ms')
    add('tick, 5,000 timers due: p99', ticks.lockstep.p99, 'ms', atMost(5))
    const state = await run('state', { rowsFile })
    add('state: resident memory', state.rssBytes / megabyte, 'MB', atMost(300))
    add('state: on the heap', state.heapBytes / megabyte, 'MB')
    add('state: restored', state.restoreMs / 1_000, 's')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measureKeeping({ report, quick }: SuiteOptions): Promise<void> {
  const dir = makeTemporaryFolder()
  const result = await run('keeping', { dir, devices: devices.many, minutes: quick ? 1 : 3 })
  rmSync(dir, { recursive: true, force: true })
  const add = (figure: string, value: number, unit: string, target?: Target) =>
    report.add({
      suite: 'engine',
      figure: `detector: ${figure}, 100,000 devices`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    })
  add('decoded, decided and kept', result.readingsPerSecond, '1/s of one core')
  add('longest turn, processor time', result.turns.cpuMs, 'ms', atMost(20))
  add('longest turn', result.turns.clockMs, 'ms', atMost(20))
  add('goes on after a restart', result.restartMs / 1_000, 's')
}

function atLeast(bound: number): Target {
  return { of: 'value', atLeast: bound }
}

function atMost(bound: number): Target {
  return { of: 'value', atMost: bound }
}
