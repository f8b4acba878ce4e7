// Flags of the control gear, and of cameras that nothing but themselves can judge.
import { describe } from 'vitest'
import { flag, playEach } from '../../test/play.ts'
import { shining } from '../../test/town.ts'

describe.each([
  ['control_gear_failure', 'pju-1'],
  ['light_source_open_circuit', 'pju-1'],
  ['light_source_short_circuit', 'pju-1'],
  ['temperature_critical', 'cam-1'],
])('%s', (code, id) => {
  playEach(code, id, [
    {
      title: 'raised at once by its flag, held by it, cleared when it is gone in two reports',
      lines: [
        [1, {}, true, flag(code)],
        [3, {}, true, flag(code)],
        [1, {}, true],
        [1, {}, true, flag(code)],
        [1, {}, true],
        [1, {}, false],
      ],
    },
    { title: 'not by another flag', lines: [[3, {}, false, flag('something_else')]] },
  ])
})

describe('control_gear_comm_failure', () => {
  playEach('control_gear_comm_failure', 'pju-1', [
    {
      title: 'raised by its flag in two reports in a row',
      lines: [
        [1, shining, false, flag('control_gear_comm_failure')],
        [1, shining, true, flag('control_gear_comm_failure')],
      ],
    },
    {
      title: 'one without in between begins anew',
      lines: [
        [1, shining, false, flag('control_gear_comm_failure')],
        [1, shining, false],
        [1, shining, false, flag('control_gear_comm_failure')],
        [1, shining, true, flag('control_gear_comm_failure')],
      ],
    },
    {
      title: 'cleared when it is gone in two reports',
      lines: [
        [2, shining, true, flag('control_gear_comm_failure')],
        [1, shining, true],
        [1, shining, false],
      ],
    },
  ])
})

describe.each(['thermal_derating', 'thermal_shutdown'])('%s', (code) => {
  playEach(code, 'pju-1', [
    {
      title: 'raised at once by its flag, cleared when it is gone for 30 minutes',
      lines: [
        [1, shining, true, flag(code)],
        [30, shining, true],
        [1, shining, false],
      ],
    },
    {
      title: 'comes back meanwhile: the 30 minutes begin anew',
      lines: [
        [1, shining, true, flag(code)],
        [29, shining, true],
        [1, shining, true, flag(code)],
        [30, shining, true],
        [1, shining, false],
      ],
    },
  ])
})
