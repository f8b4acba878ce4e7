// Every rule at its edges: what raises it, what leaves it as it is, what clears it. Reports come once a minute;
// after each line of a case the fault is active or it is not.
import { describe, expect, it } from 'vitest'
import {
  type Reading,
  type Town,
  createTown,
  dark,
  dead,
  dusk,
  minute,
  night,
  noon,
  off,
  powered,
  second,
  shining,
} from '../../test/town.ts'
import { rules, rulesOf } from './table.ts'

/** For so many minutes: this reading, or nothing at all; then the fault is active or not. */
type Line = [minutes: number, reading: Reading | 'silence', active: boolean, flags?: readonly string[]]

interface Case {
  title: string
  at?: number
  lines: Line[]
}

function play(town: Town, id: string, lines: readonly Line[], isActive: () => boolean): boolean[] {
  return lines.map(([minutes, reading, , flags]) => {
    for (let i = 0; i < minutes; i++) {
      town.pass(minute)
      if (reading !== 'silence') town.report(id, reading, flags)
    }
    return isActive()
  })
}

/** The state after every line of a case, and what it should be. */
function played(code: string, id: string, { at = night, lines }: Case) {
  const town = createTown({ at })
  town.register(id)
  town.report(id, {})
  const active = play(town, id, lines, () => town.isActive(id, code))
  return { active, expected: lines.map((line) => line[2]) }
}

const flag = (code: string) => [code] as const

describe('lamp_failure', () => {
  it.each<Case>([
    {
      title: 'raised by the second report under 20 % of the expected power',
      lines: [
        [1, dark, false],
        [1, dark, true],
      ],
    },
    {
      title: 'not raised at exactly 20 %',
      lines: [[3, { ...dark, powerW: 20 }, false]],
    },
    {
      title: 'judged by the power expected at its dimming level',
      lines: [
        [3, { dimPct: 30, powerW: 7, voltageV: 230 }, false],
        [2, { dimPct: 30, powerW: 5.9, voltageV: 230 }, true],
      ],
    },
    {
      title: 'two reports in a row: one in between begins anew',
      lines: [
        [1, dark, false],
        [1, { ...dark, powerW: 35 }, false],
        [1, dark, false],
        [1, dark, true],
      ],
    },
    {
      title: 'a report that says nothing of power neither counts nor interrupts',
      lines: [
        [1, dark, false],
        [1, { temperatureC: 31 }, false],
        [1, dark, true],
      ],
    },
    { title: 'not by day', at: noon, lines: [[3, dark, false]] },
    { title: 'not at dusk', at: dusk, lines: [[3, dark, false]] },
    { title: 'not when commanded off', lines: [[3, off, false]] },
    { title: 'not under override', lines: [[3, { ...dark, override: true }, false]] },
    { title: 'not when the supply voltage is low', lines: [[3, { ...dark, voltageV: 206.9 }, false]] },
    { title: 'raised at 90 % of the nominal voltage', lines: [[2, { ...dark, voltageV: 207 }, true]] },
    { title: 'not when it does not say how it is dimmed', lines: [[3, { powerW: 1 }, false]] },
    {
      title: 'cleared by the second report above 50 % at night',
      lines: [
        [2, dark, true],
        [2, { ...dark, powerW: 50 }, true],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    {
      title: 'a relapse on the way to the clear begins it anew',
      lines: [
        [2, dark, true],
        [1, shining, true],
        [1, dark, true],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    { title: 'raised at once by its flag', lines: [[1, shining, true, flag('lamp_failure')]] },
    { title: 'raised by its flag by day too', at: noon, lines: [[1, {}, true, flag('lamp_failure')]] },
    {
      title: 'held by its flag, cleared after it',
      lines: [
        [1, shining, true, flag('lamp_failure')],
        [3, shining, true, flag('lamp_failure')],
        [1, shining, true],
        [1, shining, false],
      ],
    },
    {
      title: 'of a lamp that measures nothing: cleared when the flag is gone in two reports at night',
      lines: [
        [1, {}, true, flag('lamp_failure')],
        [1, {}, true],
        [1, {}, false],
      ],
    },
    {
      title: 'a flag that goes by day clears nothing',
      at: noon,
      lines: [
        [1, {}, true, flag('lamp_failure')],
        [5, {}, true],
        [5, { ...off }, true],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('lamp_failure', 'pju-1', each)
    expect(active).toEqual(expected)
  })
})

describe('lamp_failure', () => {
  it.each<{ title: string; reading: Reading }>([
    { title: 'commanded off', reading: { ...off, powerW: 0.4 } },
    { title: 'that does not say how it is dimmed', reading: { powerW: 0.4, voltageV: 229 } },
  ])('of a lamp $title is told without the power that it should draw', ({ reading }) => {
    const town = createTown({ at: noon })
    town.register('pju-1')
    town.report('pju-1', reading, ['lamp_failure'])
    const fault = town.fault('pju-1', 'lamp_failure')
    expect(fault?.message).toEqual({ en: 'Lamp out', id: 'Lampu padam' })
    expect(fault?.evidence).toEqual({ ...reading, reportedByDevice: true })
  })

  it('is not cleared by daylight alone, and by the next evening is', () => {
    const town = createTown({ at: night })
    town.register('pju-1')
    town.pass(3 * minute, { 'pju-1': dark })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(true)
    town.pass(16 * 60 * minute, { 'pju-1': off })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(true)
    town.pass(5 * 60 * minute, { 'pju-1': off })
    town.pass(2 * 60 * minute, { 'pju-1': shining })
    expect(town.isActive('pju-1', 'lamp_failure')).toBe(false)
  })
})

describe('day_burner', () => {
  it.each<Case>([
    {
      title: 'raised after 30 minutes by day above 20 % of the nominal power',
      at: noon,
      lines: [
        [30, { powerW: 21 }, false],
        [1, { powerW: 21 }, true],
      ],
    },
    { title: 'not at exactly 20 %', at: noon, lines: [[40, { powerW: 20 }, false]] },
    { title: 'not at night', lines: [[40, shining, false]] },
    { title: 'not under override', at: noon, lines: [[40, { powerW: 98, override: true }, false]] },
    {
      title: 'not where the photocell sees 100 lx',
      at: noon,
      lines: [[40, { powerW: 98, illuminanceLux: 100 }, false]],
    },
    { title: 'where the photocell sees more', at: noon, lines: [[31, { powerW: 98, illuminanceLux: 101 }, true]] },
    {
      title: 'off once begins the 30 minutes anew',
      at: noon,
      lines: [
        [29, { powerW: 98 }, false],
        [1, { powerW: 0 }, false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
    { title: 'raised at once by its flag', at: noon, lines: [[1, {}, true, flag('day_burner')]] },
    {
      title: 'cleared by two reports off by day',
      at: noon,
      lines: [
        [31, { powerW: 98 }, true],
        [1, { powerW: 20 }, true],
        [1, { powerW: 20 }, false],
      ],
    },
    {
      title: 'silence ends what is under way, also when it is over before the delay',
      at: noon,
      lines: [
        [20, { powerW: 98 }, false],
        [5, 'silence', false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
    {
      title: 'silence ends what is under way',
      at: noon,
      lines: [
        [26, { powerW: 98 }, false],
        [10, 'silence', false],
        [30, { powerW: 98 }, false],
        [1, { powerW: 98 }, true],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('day_burner', 'pju-1', each)
    expect(active).toEqual(expected)
  })
})

describe('day_burner', () => {
  it('is not cleared by nightfall, when it may shine, but by a morning without', () => {
    const town = createTown({ at: noon })
    town.register('pju-1')
    town.pass(32 * minute, { 'pju-1': shining })
    town.pass(8 * 60 * minute, { 'pju-1': shining })
    expect(town.isActive('pju-1', 'day_burner')).toBe(true)
    town.pass(12 * 60 * minute, { 'pju-1': off })
    expect(town.isActive('pju-1', 'day_burner')).toBe(false)
  })
})

describe('low_voltage', () => {
  it.each<Case>([
    {
      title: 'raised after 10 minutes under 90 % of the nominal voltage',
      lines: [
        [10, { voltageV: 206.9 }, false],
        [1, { voltageV: 206.9 }, true],
      ],
    },
    { title: 'not at exactly 90 %', lines: [[20, { voltageV: 207 }, false]] },
    {
      title: 'cleared by two reports above 92 %',
      lines: [
        [11, { voltageV: 200 }, true],
        [5, { voltageV: 211.6 }, true],
        [1, { voltageV: 211.7 }, true],
        [1, { voltageV: 211.7 }, false],
      ],
    },
    {
      title: 'in the dead band nothing is under way',
      lines: [
        [9, { voltageV: 200 }, false],
        [1, { voltageV: 209 }, false],
        [10, { voltageV: 200 }, false],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('low_voltage', 'pju-1', each)
    expect(active).toEqual(expected)
  })
})

describe('low_voltage', () => {
  it.each<Case>([
    {
      title: 'raised by any of three phases',
      lines: [[11, { ...powered, voltageL2V: 200 }, true]],
    },
    {
      title: 'cleared when all of them are fine',
      lines: [
        [11, { ...powered, voltageL2V: 200 }, true],
        [2, { ...powered, voltageL3V: 210 }, true],
        [2, powered, false],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('low_voltage', 'pnl-1', each)
    expect(active).toEqual(expected)
  })
})

describe('video_loss', () => {
  it.each<Case>([
    { title: 'raised at once when the signal is lost', lines: [[1, { signalLoss: true, fps: 25 }, true]] },
    { title: 'raised at once by a frame older than 60 s', lines: [[1, { fps: 25, lastFrameAgeMs: 60_001 }, true]] },
    { title: 'not by one of 60 s', lines: [[3, { fps: 25, lastFrameAgeMs: 60_000 }, false]] },
    {
      title: 'raised by two reports of 0 frames per second',
      lines: [
        [1, { fps: 0 }, false],
        [1, { fps: 0 }, true],
      ],
    },
    { title: 'raised by its flag', lines: [[1, {}, true, flag('video_loss')]] },
    {
      title: 'cleared after 2 minutes of frames',
      lines: [
        [1, { signalLoss: true }, true],
        [1, { signalLoss: false, fps: 25 }, true],
        [1, { signalLoss: false, fps: 25 }, true],
        [1, { signalLoss: false, fps: 25 }, false],
      ],
    },
    {
      title: 'a relapse begins the 2 minutes anew',
      lines: [
        [1, { fps: 25, signalLoss: true }, true],
        [1, { fps: 25 }, true],
        [1, { fps: 0 }, true],
        [2, { fps: 25 }, true],
        [1, { fps: 25 }, false],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('video_loss', 'cam-1', each)
    expect(active).toEqual(expected)
  })
})

describe('image_tamper', () => {
  it.each(['tooDark', 'tooBright', 'sceneChange'])('is raised when %s lasts 30 s', (field) => {
    const town = createTown()
    town.register('cam-1')
    town.report('cam-1', { [field]: true })
    town.pass(29 * second)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(false)
    town.pass(second)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(true)
  })

  it('is not raised when it is gone before', () => {
    const town = createTown()
    town.register('cam-1')
    town.report('cam-1', { tooDark: true })
    town.pass(20 * second)
    town.report('cam-1', { tooDark: false })
    town.pass(minute)
    expect(town.isActive('cam-1', 'image_tamper')).toBe(false)
  })
})

describe('image_tamper', () => {
  it.each<Case>([
    { title: 'raised at once by its flag', lines: [[1, {}, true, flag('image_tamper')]] },
    {
      title: 'cleared when gone for 5 minutes',
      lines: [
        [2, { sceneChange: true }, true],
        [5, { sceneChange: false }, true],
        [1, { sceneChange: false }, false],
      ],
    },
    {
      title: 'does not clear while the camera is silent',
      lines: [
        [2, { tooDark: true }, true],
        [1, { tooDark: false }, true],
        [10, 'silence', true],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('image_tamper', 'cam-1', each)
    expect(active).toEqual(expected)
  })
})

describe('uplink_degraded', () => {
  it.each<Case>([
    {
      title: 'raised after 15 minutes of more than 10 % loss',
      lines: [
        [15, { uplinkLossPct: 10.1, uplinkRttMs: 20 }, false],
        [1, { uplinkLossPct: 10.1, uplinkRttMs: 20 }, true],
      ],
    },
    { title: 'raised by a round trip above 200 ms', lines: [[16, { uplinkLossPct: 0, uplinkRttMs: 201 }, true]] },
    { title: 'not at the thresholds', lines: [[30, { uplinkLossPct: 10, uplinkRttMs: 200 }, false]] },
    {
      title: 'cleared after 15 minutes under 2 % and 100 ms',
      lines: [
        [16, { uplinkLossPct: 40 }, true],
        [30, { uplinkLossPct: 1, uplinkRttMs: 100 }, true],
        [30, { uplinkLossPct: 2, uplinkRttMs: 50 }, true],
        [15, { uplinkLossPct: 1, uplinkRttMs: 50 }, true],
        [1, { uplinkLossPct: 1, uplinkRttMs: 50 }, false],
      ],
    },
  ])('$title', (each) => {
    const { active, expected } = played('uplink_degraded', 'ap-1', each)
    expect(active).toEqual(expected)
  })
})

describe('feeder_outage by the cabinet', () => {
  it('is raised at once by a phase under 50 V', () => {
    const town = createTown()
    town.register('pnl-1')
    town.report('pnl-1', { ...powered, voltageL2V: 50 })
    expect(town.isActive('pnl-1', 'feeder_outage')).toBe(false)
    town.pass(minute)
    town.report('pnl-1', { ...powered, voltageL2V: 49.9 })
    expect(town.fault('pnl-1', 'feeder_outage')).toMatchObject({
      severity: 'critical',
      evidence: { phases: 'L2', voltageL2V: 49.9 },
      message: { en: 'Feeder outage: no voltage on L2', id: 'Penyulang padam: tidak ada tegangan di fasa L2' },
    })
  })

  it('is cleared when the voltage is back in two reports', () => {
    const town = createTown()
    town.register('pnl-1')
    town.report('pnl-1', dead)
    const active = [powered, { ...powered, voltageL1V: 60 }, powered, powered].map((reading) => {
      town.pass(minute)
      town.report('pnl-1', reading)
      return town.isActive('pnl-1', 'feeder_outage')
    })
    expect(active).toEqual([true, true, true, false])
  })
})

describe('messages', () => {
  const cases: [id: string, code: string, at: number, reading: Reading, minutes: number, message: object][] = [
    [
      'pju-1',
      'lamp_failure',
      night,
      { ...dark, powerW: 3.24 },
      2,
      {
        en: 'Lamp out (3.2 W of 100 W)',
        id: 'Lampu padam (3,2 W dari seharusnya 100 W)',
      },
    ],
    [
      'pju-1',
      'day_burner',
      noon,
      { powerW: 98 },
      31,
      {
        en: 'Lamp burning by day (98 W)',
        id: 'Lampu menyala siang hari (98 W)',
      },
    ],
    [
      'pju-1',
      'low_voltage',
      night,
      { voltageV: 195 },
      11,
      {
        en: 'Low voltage (195 V of 230 V)',
        id: 'Tegangan rendah (195 V dari 230 V)',
      },
    ],
    [
      'pnl-1',
      'low_voltage',
      night,
      { ...powered, voltageL3V: 195.5 },
      11,
      {
        en: 'Low voltage on L3 (195.5 V of 230 V)',
        id: 'Tegangan rendah di fasa L3 (195,5 V dari 230 V)',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { signalLoss: true },
      1,
      {
        en: 'No picture: signal lost',
        id: 'Kamera tanpa gambar: sinyal hilang',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { lastFrameAgeMs: 75_000 },
      1,
      {
        en: 'No picture: last frame 75 s ago',
        id: 'Kamera tanpa gambar: gambar terakhir 75 detik lalu',
      },
    ],
    [
      'cam-1',
      'video_loss',
      night,
      { fps: 0 },
      2,
      {
        en: 'No picture: 0 frames per second',
        id: 'Kamera tanpa gambar: 0 gambar per detik',
      },
    ],
    [
      'cam-1',
      'image_tamper',
      night,
      { tooDark: true, sceneChange: true },
      2,
      {
        en: 'Camera view disturbed: too dark, the scene has changed',
        id: 'Pandangan kamera terganggu: terlalu gelap, arah pandang berubah',
      },
    ],
    [
      'ap-1',
      'uplink_degraded',
      night,
      { uplinkLossPct: 12.5, uplinkRttMs: 250 },
      16,
      {
        en: 'Poor uplink (12.5 % loss, 250 ms round trip)',
        id: 'Koneksi internet buruk (paket hilang 12,5 %, waktu tempuh 250 ms)',
      },
    ],
  ]
  it.each(cases)('%s %s', (id, code, at, reading, minutes, message) => {
    const town = createTown({ at })
    town.register(id)
    play(town, id, [[minutes, reading, true]], () => true)
    expect(town.fault(id, code)?.message).toEqual(message)
  })

  it.each(rules.map((rule) => [rule.code, rule] as const))('%s has words without any values too', (_code, rule) => {
    const { en, id } = rule.message({ reportedByDevice: true })
    expect(`${en} ${id}`).not.toMatch(/undefined|NaN|: $/)
  })
})

describe('the table', () => {
  it('has each code once, and knows for every kind what to ask', () => {
    expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length)
    expect(rulesOf('streetlight').report.map(({ code }) => code)).toEqual(['lamp_failure', 'day_burner', 'low_voltage'])
    expect(rulesOf('gateway')).toMatchObject({ report: [], presence: [{ code: 'comm_loss' }], outage: [] })
  })
})
