// The cabinet itself.
import { describe } from 'vitest'
import { flag, playEach } from '../../test/play.ts'

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
})
