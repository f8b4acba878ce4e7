// What a lamp reports while it has no supply is its supply's fault and nobody else's.
import { expect, it } from 'vitest'
import { type Reading, createTown, dead, minute, night, noon, shining } from '../../test/town.ts'

const gone: Reading = {
  dimPct: 100,
  commandPct: 100,
  powerW: 0,
  powerFactor: 0,
  voltageV: 0,
  currentA: 0,
  illuminanceLux: 0,
  switchCount: 7,
  tiltDeg: 1,
  override: false,
}

it.each([
  ['at night', night],
  ['by day', noon],
])('%s it raises nothing but what its cabinet explains', (_title, at) => {
  const town = createTown({ at })
  const lamps = Array.from({ length: 6 }, (_, index) => `pju-${index + 1}`)
  town.register('pnl-1')
  for (const id of lamps) town.register(id, { cabinet: 'pnl-1', circuit: 'A' })
  const lit = { ...shining, ...(at === noon ? { dimPct: 0, powerW: 0 } : {}), switchCount: 7, tiltDeg: 1 }
  const all = (reading: Reading) => Object.fromEntries(lamps.map((id) => [id, reading]))
  town.pass(5 * minute, all(lit))
  for (let i = 0; i < 3; i++) {
    town.report('pnl-1', dead)
    town.pass(40 * minute, { 'pnl-1': dead, ...all(gone) })
    town.pass(5 * minute, { 'pnl-1': { voltageL1V: 230, voltageL2V: 230, voltageL3V: 230 }, ...all(lit) })
  }
  const told = new Set(
    town.events.map(({ fault: { code, kind, parentId } }) => `${kind} ${code} ${parentId !== undefined}`),
  )
  expect([...told].toSorted()).toEqual([
    'cabinet feeder_outage false',
    'cabinet low_voltage true',
    'streetlight low_voltage true',
  ])
})
