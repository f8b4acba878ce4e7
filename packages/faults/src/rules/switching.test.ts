// Lamps that switch when nobody told them to, or do not when somebody did.
import { describe, expect, it } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import {
  type Reading,
  type Town,
  createTown,
  dark,
  minute,
  night,
  noon,
  off,
  restored,
  second,
  shining,
} from '../../test/town.ts'
import { mostSwitchings } from '../lamp-memory.ts'

/** A lamp that reports each half hour, or not at all, for so many hours. */
function live(town: Town, hours: number, reading: Reading | 'silence'): void {
  for (let i = 0; i < 2 * hours; i++) {
    town.skip(30 * minute - 10 * second)
    town.pass(10 * second)
    if (reading !== 'silence') town.report('pju-1', reading)
  }
}

function cycling(flags: readonly string[] = []): Town {
  const town = createTown()
  town.register('pju-1', { intervalS: 1_800 })
  town.report('pju-1', counted(100))
  town.report('pju-1', flags.length > 0 ? {} : counted(104), flags)
  // Of the same millisecond only the first is new.
  town.pass(minute)
  town.report('pju-1', flags.length > 0 ? {} : counted(108), flags)
  return town
}

function counted(switchCount: number): Reading {
  return { ...shining, switchCount }
}

describe('cycling_failure', () => {
  playEach('cycling_failure', 'pju-1', [
    {
      title: 'raised by the fourth time that it goes out or comes back within an hour',
      lines: [
        [1, shining, false],
        [1, dark, false],
        [1, shining, false],
        [1, dark, false],
        [1, shining, true],
      ],
    },
    {
      title: 'not by three',
      lines: [
        [1, dark, false],
        [1, shining, false],
        [60, dark, false],
        [5, shining, false],
      ],
    },
    {
      title: 'by its own counter, however few reports there are',
      lines: [
        [1, counted(100), false],
        [1, counted(103), false],
        [1, counted(104), true],
      ],
    },
    { title: 'not by the first count', lines: [[5, counted(500), false]] },
    {
      title: 'not by a counter that begins anew',
      lines: [
        [1, counted(500), false],
        [1, counted(0), false],
        [1, counted(3), false],
        [1, counted(4), true],
      ],
    },
    {
      title: 'four within an hour: what is older is forgotten',
      lines: [
        [1, counted(100), false],
        [59, counted(103), false],
        [2, counted(103), false],
        [1, counted(104), false],
        [1, counted(107), true],
      ],
    },
    {
      title: 'not by somebody at the switch',
      lines: [
        [1, counted(100), false],
        [2, { ...counted(110), override: true }, false],
        [1, counted(111), false],
      ],
    },
    {
      title: 'not by supply that comes and goes',
      lines: [
        [1, shining, false],
        [1, { dimPct: 100, powerW: 0, voltageV: 0 }, false],
        [1, shining, false],
        [1, { dimPct: 100, powerW: 0, voltageV: 0 }, false],
        [1, shining, false],
        [1, { dimPct: 100, powerW: 0, voltageV: 0 }, false],
        [1, shining, false],
      ],
    },
    {
      title: 'not by being told to: dusk, dawn, a test',
      lines: [
        [1, off, false],
        [1, shining, false],
        [1, off, false],
        [1, shining, false],
        [1, off, false],
        [1, shining, false],
      ],
    },
  ])

  it.each<[title: string, flags: string[], reading: Reading, hours: number]>([
    ['after a day without', [], counted(108), 25],
    ['a day after its flag', ['cycling_failure'], {}, 24],
  ])('is cleared %s', (_title, flags, reading, hours) => {
    const town = cycling(flags)
    live(town, hours, reading)
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(true)
    live(town, 1, reading)
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(false)
  })

  it('is cleared after a day without, though the lamp is silent by day; not in the silence itself', () => {
    const town = cycling()
    live(town, 4, counted(108))
    live(town, 48, 'silence')
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(true)
    town.report('pju-1', counted(109))
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(false)
  })

  it('that comes back within the day begins it anew', () => {
    const town = cycling()
    live(town, 20, counted(108))
    live(town, 1, counted(112))
    live(town, 24, counted(112))
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(true)
    live(town, 2, counted(112))
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(false)
  })

  it('remembers no more than matters, and not longer than an hour', () => {
    const town = createTown()
    town.register('pju-1')
    town.report('pju-1', counted(0))
    for (let i = 1; i <= 50; i++) {
      town.pass(minute)
      town.report('pju-1', counted(i))
    }
    const memory = () => JSON.stringify(town.written.state.get('device/pju-1'))
    expect(JSON.parse(memory())[6].switchedAt).toHaveLength(mostSwitchings)
    town.pass(61 * minute)
    town.report('pju-1', counted(50))
    expect(memory()).not.toContain('switchedAt')
  })

  it('counts on after a restart', () => {
    const town = createTown()
    town.register('pju-1')
    for (const count of [0, 2, 3]) {
      town.pass(minute)
      town.report('pju-1', counted(count))
    }
    const engine = restored(town.written)
    engine.step({
      type: 'telemetry',
      position: 1e6,
      receivedAt: town.now + minute,
      deviceId: 'pju-1',
      source: 'broker',
      session: { connectedAt: night, number: 1 },
      retain: false,
      objects: [{ ts: town.now + minute, fields: counted(4), faults: [] }],
    })
    expect(engine.takeEffects().events).toMatchObject([{ event: 'raised', fault: { code: 'cycling_failure' } }])
  })

  it('counts from the beginning for another lamp in the same place', () => {
    const town = createTown()
    town.register('pju-1')
    town.report('pju-1', counted(3))
    town.amend('replaced', 'pju-1')
    town.pass(minute)
    town.report('pju-1', counted(400))
    expect(town.isActive('pju-1', 'cycling_failure')).toBe(false)
  })
})

describe('relay_failure', () => {
  const stuck = { commandPct: 0, dimPct: 0, powerW: 98, voltageV: 229 }
  playEach('relay_failure', 'pju-1', [
    {
      title: 'raised by the third report of power at night though commanded off',
      lines: [
        [2, stuck, false],
        [1, stuck, true],
      ],
    },
    {
      title: 'judged by its dimming where it does not repeat its command',
      lines: [[3, { dimPct: 0, powerW: 98 }, true]],
    },
    { title: 'not at 20 % of the nominal power', lines: [[5, { ...stuck, powerW: 20 }, false]] },
    { title: 'above 20 %', lines: [[3, { ...stuck, powerW: 20.1 }, true]] },
    { title: 'not by day: that is day_burner', at: noon, lines: [[5, stuck, false]] },
    { title: 'not under override', lines: [[5, { ...stuck, override: true }, false]] },
    {
      title: 'not when it is dark though commanded on: that is lamp_failure',
      lines: [[5, { ...dark, commandPct: 100 }, false]],
    },
    {
      title: 'cleared when it obeys in two reports',
      lines: [
        [3, stuck, true],
        [1, { ...stuck, powerW: 0.4 }, true],
        [1, { ...stuck, powerW: 0.4 }, false],
      ],
    },
    {
      title: 'cleared when it burns as it is told',
      lines: [
        [3, stuck, true],
        [2, { ...shining, commandPct: 100 }, false],
      ],
    },
    {
      title: 'held by its flag',
      lines: [
        [3, off, true, flag('relay_failure')],
        [1, off, true],
        [1, off, false],
      ],
    },
  ])
})
