// The column that carries a lamp.
import { describe, expect, it } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { createTown, minute } from '../../test/town.ts'

describe('column_tilt', () => {
  playEach('column_tilt', 'pju-1', [
    {
      title: 'raised by the second report of more than 10° from how it stood first',
      lines: [
        [3, { tiltDeg: 2 }, false],
        [1, { tiltDeg: 12.1 }, false],
        [1, { tiltDeg: 12.1 }, true],
      ],
    },
    {
      title: 'not at 10°',
      lines: [
        [1, { tiltDeg: 2 }, false],
        [5, { tiltDeg: 12 }, false],
        [5, { tiltDeg: -8 }, false],
      ],
    },
    {
      title: 'in the other direction too',
      lines: [
        [1, { tiltDeg: 2 }, false],
        [2, { tiltDeg: -8.1 }, true],
      ],
    },
    { title: 'not by how it stood first, however that is', lines: [[5, { tiltDeg: 40 }, false]] },
    {
      title: 'across ±180°: the short way counts',
      lines: [
        [1, { tiltDeg: 178 }, false],
        [5, { tiltDeg: -178 }, false],
        [2, { tiltDeg: -171 }, true],
      ],
    },
    {
      title: 'cleared by two reports within 5°',
      lines: [
        [1, { tiltDeg: 0 }, false],
        [2, { tiltDeg: 30 }, true],
        [3, { tiltDeg: 5.1 }, true],
        [1, { tiltDeg: 5 }, true],
        [1, { tiltDeg: 5 }, false],
      ],
    },
    {
      title: 'raised at once by its flag, where no tilt is measured',
      lines: [
        [1, {}, true, flag('column_tilt')],
        [2, {}, false],
      ],
    },
  ])

  it('is measured from the first live reading: what was kept back says nothing', () => {
    const town = createTown()
    town.register('pju-1')
    town.objects('pju-1', [{ ts: town.now - 60 * minute, fields: { tiltDeg: 30 }, faults: [] }])
    town.pass(3 * minute, { 'pju-1': { tiltDeg: 1 } })
    expect(town.isActive('pju-1', 'column_tilt')).toBe(false)
  })

  it('is measured from how another lamp stands when the old one was replaced', () => {
    const town = createTown()
    town.register('pju-1')
    town.pass(3 * minute, { 'pju-1': { tiltDeg: 1 } })
    town.pass(3 * minute, { 'pju-1': { tiltDeg: 20 } })
    expect(town.isActive('pju-1', 'column_tilt')).toBe(true)
    town.amend('replaced', 'pju-1')
    town.pass(3 * minute, { 'pju-1': { tiltDeg: 20 } })
    expect(town.isActive('pju-1', 'column_tilt')).toBe(false)
  })
})
