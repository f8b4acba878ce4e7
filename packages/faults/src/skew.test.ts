// Clocks that somebody should set: what is told of them, and what is no fault of theirs.
import { describe, expect, it } from 'vitest'
import { type Town, createTown, minute, night, second, shining } from '../test/town.ts'

const id = 'pju-1'

function setUp(): Town {
  const town = createTown({ at: night })
  town.register(id)
  town.pass(3 * minute, { [id]: shining })
  return town
}

interface Clock {
  /** ms by which it is behind ours. */
  behindMs: number
  /** ms that the message was on its way. */
  delayMs?: number
  sentAt?: boolean
}

/** One message a minute by such a clock, for so many minutes; whether clock_drift is active after each. */
function told(town: Town, count: number, clock: (minuteNumber: number) => Clock): boolean[] {
  return Array.from({ length: count }, (_, index) => {
    const { behindMs, delayMs = 0, sentAt = true } = clock(index)
    town.pass(minute)
    const ts = town.now - behindMs - delayMs
    town.objects(id, [{ ts, ...(sentAt ? { sentAt: ts } : {}), fields: shining, faults: [] }])
    return town.isActive(id, 'clock_drift')
  })
}

const raisedBy = (message: number, of: number) => Array.from({ length: of }, (_, index) => index + 1 >= message)

describe('clock_drift', () => {
  it.each<[title: string, clock: Clock, active: boolean[]]>([
    ['is raised by the third message 121 s behind', { behindMs: 121 * second }, raisedBy(3, 5)],
    ['not at 120 s', { behindMs: 120 * second }, raisedBy(9, 5)],
    ['ahead as well as behind', { behindMs: -121 * second }, raisedBy(3, 5)],
    ['by years', { behindMs: 1e12 }, raisedBy(3, 5)],
    ['without sentAt, by the newest measurement', { behindMs: 121 * second, sentAt: false }, raisedBy(3, 5)],
    ['without sentAt by hours', { behindMs: 7 * 60 * minute, sentAt: false }, raisedBy(3, 5)],
    ['without sentAt ahead', { behindMs: -7 * 60 * minute, sentAt: false }, raisedBy(3, 5)],
  ])('%s', (_title, clock, active) => {
    expect(told(setUp(), active.length, () => clock)).toEqual(active)
  })

  it('tells how wrong it is, and which way', () => {
    const [behind, ahead] = [setUp(), setUp()]
    told(behind, 3, () => ({ behindMs: 7 * 60 * minute }))
    told(ahead, 3, () => ({ behindMs: -200 * second }))
    expect(behind.fault(id, 'clock_drift')).toMatchObject({
      severity: 'warning',
      evidence: { skewMs: 7 * 60 * minute },
      message: { en: 'Clock is 7 h behind', id: 'Jam terlambat 7 jam' },
    })
    expect(ahead.fault(id, 'clock_drift')?.message).toEqual({
      en: 'Clock is 3 min ahead',
      id: 'Jam terlalu cepat 3 menit',
    })
  })

  it('is cleared by the third message within 60 s', () => {
    const town = setUp()
    told(town, 3, () => ({ behindMs: 10 * minute }))
    expect(told(town, 2, () => ({ behindMs: 60 * second }))).toEqual([true, true])
    expect(told(town, 3, () => ({ behindMs: 59 * second }))).toEqual([true, true, false])
  })

  it('a message with several measurements counts once', () => {
    const town = setUp()
    town.pass(minute)
    const sentAt = town.now - 10 * minute
    const objects = [3, 2, 1, 0].map((back) => ({
      ts: sentAt - back * 10 * second,
      sentAt,
      fields: shining,
      faults: [],
    }))
    town.objects(id, objects)
    expect(town.isActive(id, 'clock_drift')).toBe(false)
  })

  it.each([
    ['with sentAt as they were written', true],
    ['without', false],
  ])('a backlog that is sent at once is no drift: %s', (_title, sentAt) => {
    const town = setUp()
    town.pass(30 * minute)
    for (let back = 20; back >= 0; back--) {
      const ts = town.now - back * minute
      town.objects(id, [{ ts, ...(sentAt ? { sentAt: ts } : {}), fields: shining, faults: [] }])
    }
    told(town, 3, () => ({ behindMs: 0 }))
    expect(town.events.filter(({ fault }) => fault.code === 'clock_drift')).toEqual([])
  })

  it('a device’s own word in a backlog is none of the present', () => {
    const town = setUp()
    town.pass(30 * minute)
    town.objects(id, [{ ts: town.now - 20 * minute, sentAt: town.now, fields: shining, faults: ['clock_drift'] }])
    expect(town.isActive(id, 'clock_drift')).toBe(false)
    town.report(id, shining, ['clock_drift'])
    expect(town.isActive(id, 'clock_drift')).toBe(true)
  })

  it('of a message with several readings the newest one’s word counts, in whatever order they come', () => {
    const town = setUp()
    const at = (secondsAgo: number, faults: readonly string[]) => ({
      ts: town.now - secondsAgo * second,
      sentAt: town.now,
      fields: shining,
      faults,
    })
    town.objects(id, [at(0, []), at(20, ['clock_drift'])])
    expect(town.isActive(id, 'clock_drift')).toBe(false)
    town.pass(minute)
    town.objects(id, [at(0, ['clock_drift']), at(20, [])])
    expect(town.isActive(id, 'clock_drift')).toBe(true)
  })

  it('nor one that says when it is sent, however wrong that is', () => {
    const town = setUp()
    town.pass(60 * minute)
    for (let index = 0; index < 10; index++) {
      town.pass(10 * second)
      const sentAt = town.now - 10 * minute
      town.objects(id, [{ ts: sentAt - 40 * minute, sentAt, fields: shining, faults: [] }])
    }
    expect(town.isActive(id, 'clock_drift')).toBe(false)
  })

  it('delays that come and go are no drift', () => {
    const town = setUp()
    const delays = [130, 250, 121, 400, 180, 300].map((seconds) => seconds * second)
    expect(told(town, delays.length, (index) => ({ behindMs: 0, delayMs: delays[index] ?? 0 }))).toEqual(
      delays.map(() => false),
    )
  })

  it('a message that is sent again says nothing new', () => {
    const town = setUp()
    for (let index = 0; index < 4; index++) {
      const ts = town.now - 10 * minute
      for (let copy = 0; copy < 3; copy++) {
        town.objects(id, [{ ts, sentAt: ts, fields: shining, faults: [] }])
        expect(town.isActive(id, 'clock_drift')).toBe(index > 1)
      }
      town.pass(minute)
    }
  })

  it('of a clock that is right nothing is kept', () => {
    const town = setUp()
    told(town, 5, () => ({ behindMs: 20 * second }))
    expect(JSON.stringify(town.written.state.get(`device/${id}`))).not.toContain('lagging')
  })

  it('readings of such a clock count all the same', () => {
    const town = setUp()
    told(town, 3, () => ({ behindMs: 7 * 60 * minute }))
    town.pass(minute)
    const ts = town.now - 7 * 60 * minute
    town.objects(id, [{ ts, sentAt: ts, fields: shining, faults: ['lamp_failure'] }])
    expect(town.isActive(id, 'lamp_failure')).toBe(true)
  })
})
