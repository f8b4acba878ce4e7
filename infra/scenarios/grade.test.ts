import { describe, expect, it } from 'vitest'
import type { Expectation, Expectations } from './expectations.ts'
import { grade } from './grade.ts'
import type { Period } from './observations.ts'

const slackMs = 10
const expected = (more: Partial<Expectation> = {}): Expectation => ({
  deviceId: 'pju-1',
  code: 'lamp_failure',
  from: 1_000,
  until: 5_000,
  is: 'must',
  raiseBy: 2_000,
  clearBy: 6_000,
  ...more,
})
const found = (more: Partial<Period> = {}): Period => ({
  faultId: 'pju-1.lamp_failure.x',
  deviceId: 'pju-1',
  code: 'lamp_failure',
  raisedAt: 1_500,
  clearedAt: 5_500,
  parent: undefined,
  afterClosing: false,
  ...more,
})
const outage = {
  deviceId: 'pnl-1',
  code: 'feeder_outage',
  from: 1_000,
  until: 9_000,
  devices: new Set(['pnl-1', 'pju-1']),
  codes: new Set(['comm_loss', 'lamp_failure']),
}

const district = { deviceId: 'setu', code: 'uplink_outage' }
const partition = {
  ...outage,
  ...district,
  devices: new Set(['setu', 'pnl-1', 'pju-1']),
  codes: new Set(['comm_loss', 'feeder_outage']),
}

function verdict(expectations: Partial<Expectations>, ...periods: Period[]) {
  const { total, faults, unexpected } = grade({ faults: [], causes: [], ...expectations }, periods, slackMs)
  const breaches = [...faults.flatMap((each) => each.breaches), ...unexpected]
  const { expected: wanted, found: right, missed, false: wrong, open, openFound, consequences } = total
  return { counts: { wanted, right, missed, wrong, open, openFound, consequences }, total, breaches }
}

const nothing = { wanted: 0, right: 0, missed: 0, wrong: 0, open: 0, openFound: 0, consequences: 0 }

describe('all is well', () => {
  it('when what was wrong was found in time and cleared in time', () => {
    const { counts, total, breaches } = verdict({ faults: [expected()] }, found())
    expect(counts).toEqual({ ...nothing, wanted: 1, right: 1 })
    expect(total).toMatchObject({ precision: 1, recall: 1, delay: { medianMs: 500, p95Ms: 500 } })
    expect(breaches).toEqual([])
  })

  it('when there was nothing', () => {
    expect(verdict({}).total).toMatchObject({ precision: 1, recall: 1, delay: undefined })
  })

  it.each([
    ['was found', [found()], 1],
    ['was not', [], 0],
  ])('when what may be found %s', (_, periods, openFound) => {
    const { counts, breaches } = verdict({ faults: [expected({ is: 'may' })] }, ...periods)
    expect(counts).toEqual({ ...nothing, open: 1, openFound })
    expect(breaches).toEqual([])
  })

  it('when a consequence is under its cause', () => {
    const consequence = found({ parent: found({ deviceId: 'pnl-1', code: 'feeder_outage' }) })
    const { counts, breaches } = verdict({ causes: [outage] }, consequence)
    expect(counts).toEqual({ ...nothing, consequences: 1 })
    expect(breaches).toEqual([])
  })

  it('when a consequence is under another consequence of its cause', () => {
    const cabinet = found({ deviceId: 'pnl-1', code: 'feeder_outage', parent: found(district) })
    const lamp = found({ code: 'comm_loss', parent: cabinet })
    const { counts, breaches } = verdict(
      { faults: [expected(district)], causes: [partition] },
      found(district),
      cabinet,
      lamp,
    )
    expect(counts).toEqual({ ...nothing, wanted: 1, right: 1, consequences: 2 })
    expect(breaches).toEqual([])
  })

  it('when one of two causes has the consequence beneath it', () => {
    const lamp = found({ code: 'comm_loss', parent: found({ deviceId: 'pnl-1', code: 'feeder_outage' }) })
    expect(verdict({ causes: [partition, outage] }, lamp).breaches).toEqual([])
  })

  it('when one row is raised as often as it was wrong', () => {
    const again = expected({ from: 7_000, until: 9_000, raiseBy: 8_000, clearBy: 10_000 })
    const { counts, breaches } = verdict(
      { faults: [expected(), again] },
      found(),
      found({ raisedAt: 7_500, clearedAt: 9_500 }),
    )
    expect(counts).toEqual({ ...nothing, wanted: 2, right: 2 })
    expect(breaches).toEqual([])
  })

  it('when the run ends before it is cleared', () => {
    const { breaches } = verdict({ faults: [expected({ clearBy: undefined })] }, found({ clearedAt: undefined }))
    expect(breaches).toEqual([])
  })
})

describe('a breach is told', () => {
  it.each<[string, Partial<Expectations>, Period[], Partial<typeof nothing>, RegExp]>([
    ['missed', { faults: [expected()] }, [], { wanted: 1, missed: 1 }, /^missed: lamp_failure of pju-1/],
    ['false', {}, [found()], { wrong: 1 }, /^false: lamp_failure of pju-1/],
    ['too short to count', { faults: [expected({ is: 'none' })] }, [found()], { wrong: 1 }, /^false/],
    [
      'raised too late',
      { faults: [expected()] },
      [found({ raisedAt: 2_500 })],
      { wanted: 1, right: 1 },
      /^raised 1 s too late/,
    ],
    [
      'raised before it was there',
      { faults: [expected()] },
      [found({ raisedAt: 900 })],
      { wanted: 1, missed: 1, wrong: 1 },
      /^missed/,
    ],
    [
      'cleared too late',
      { faults: [expected()] },
      [found({ clearedAt: 8_000 })],
      { wanted: 1, right: 1 },
      /^cleared 2 s too late/,
    ],
    [
      'never cleared',
      { faults: [expected()] },
      [found({ clearedAt: undefined })],
      { wanted: 1, right: 1 },
      /^not cleared/,
    ],
    [
      'cleared while it was there',
      { faults: [expected()] },
      [found({ clearedAt: 3_000 })],
      { wanted: 1, right: 1 },
      /^cleared while it was still there/,
    ],
    [
      'raised twice',
      { faults: [expected()] },
      [found({ clearedAt: 5_500 }), found({ raisedAt: 3_000 })],
      { wanted: 1, right: 1, wrong: 1 },
      /^doubled/,
    ],
    [
      'a consequence on its own',
      { causes: [outage] },
      [found()],
      { wrong: 1 },
      /^not under its cause feeder_outage of pnl-1/,
    ],
    [
      'hidden beneath what has nothing to do with it',
      { faults: [expected()] },
      [found({ parent: found(district) })],
      { wanted: 1, right: 1 },
      /^told as a consequence of uplink_outage of setu/,
    ],
    [
      'a consequence after its time',
      { causes: [outage] },
      [found({ raisedAt: 9_500, clearedAt: undefined })],
      { wrong: 1 },
      /^false/,
    ],
  ])('%s', (_, expectations, periods, counts, text) => {
    const { counts: counted, breaches } = verdict(expectations, ...periods)
    expect(counted).toEqual({ ...nothing, ...counts })
    expect(breaches[0]).toMatch(text)
  })

  it('two rows of one fault', () => {
    const again = expected({ from: 7_000, until: 9_000, raiseBy: 8_000, clearBy: 10_000 })
    const second = found({ faultId: 'pju-1.lamp_failure.y', raisedAt: 7_500, clearedAt: 9_500 })
    expect(verdict({ faults: [expected(), again] }, found(), second).breaches).toEqual([
      '2 rows of one fault: pju-1 lamp_failure',
    ])
  })
})
