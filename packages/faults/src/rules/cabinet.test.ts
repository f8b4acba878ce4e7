// The cabinet itself.
import { describe, expect, it } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { createTown, minute, night } from '../../test/town.ts'

describe('door_open', () => {
  playEach('door_open', 'pnl-1', [
    {
      title: 'raised after 5 minutes',
      lines: [
        [5, { doorOpen: true }, false],
        [1, { doorOpen: true }, true],
      ],
    },
    {
      title: 'closed in between begins anew',
      lines: [
        [4, { doorOpen: true }, false],
        [1, { doorOpen: false }, false],
        [5, { doorOpen: true }, false],
      ],
    },
    {
      title: 'cleared by two reports of a closed door',
      lines: [
        [6, { doorOpen: true }, true],
        [3, { temperatureC: 30 }, true],
        [1, { doorOpen: false }, true],
        [1, { doorOpen: false }, false],
      ],
    },
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('door_open')]] },
  ])

  it('is not raised while a crew is at work, and is 5 minutes after the window if they left it open', () => {
    const town = createTown({ at: night })
    town.register('pnl-1')
    const to = night + 30 * minute
    const target = { kind: 'cabinet', id: 'pnl-1' } as const
    town.ask({ action: 'plan-maintenance', target, to, reason: 'ganti panel', owner: 'Tim 3' })
    town.pass(35 * minute, { 'pnl-1': { doorOpen: true } })
    expect(town.fault('pnl-1', 'door_open')).toBeUndefined()
    town.pass(minute, { 'pnl-1': { doorOpen: true } })
    expect(town.fault('pnl-1', 'door_open')).toMatchObject({ active: true, announcedAt: town.now - 59_000 })
  })
})
