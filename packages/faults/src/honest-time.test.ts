import { describe, expect, it } from 'vitest'
import { type DeviceClock, forEachLive, newClock, newestOf } from './honest-time.ts'
import type { ReadingObject } from './input.ts'

const minute = 60_000
const start = Date.UTC(2026, 2, 10, 13)

/** A device that reports every minute; `live` is how long ago, by our clock, each judged object was measured. */
function setUp() {
  const clock: DeviceClock = { ...newClock(), intervalMs: minute }
  function receive(receivedAt: number, ...objects: { ts?: number; sentAt?: number }[]): number[] {
    const live: number[] = []
    const readings = objects.map((times): ReadingObject => ({ ...times, fields: {}, faults: [] }))
    const newest = newestOf(readings)
    forEachLive(clock, { receivedAt, objects: readings }, newest, (_clock, _object, measuredAt) =>
      live.push(receivedAt - measuredAt),
    )
    return live
  }
  return { clock, receive }
}

describe('a clock that is right', () => {
  it('up to three intervals old is live, older is backlog', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start - 3 * minute })).toEqual([3 * minute])
    expect(receive(start + minute, { ts: start - 2 * minute - 1 })).toEqual([])
  })

  it('judges several objects of a message in order, without the backlog among them', () => {
    const { receive } = setUp()
    const objects = [10, 5, 2, 1, 0].map((age) => ({ ts: start - age * minute }))
    expect(receive(start, ...objects)).toEqual([2 * minute, minute, 0])
    expect(receive(start + 1, { ts: start + 1 }, { ts: start - 1 })).toEqual([0])
  })

  it('passes over what is not newer', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start })).toEqual([0])
    expect(receive(start + 1_000, { ts: start })).toEqual([])
    expect(receive(start + 2_000, { ts: start - minute })).toEqual([])
    expect(receive(start + minute, { ts: start + minute })).toEqual([0])
  })

  it('measured on arrival when nothing is said', () => {
    const { receive } = setUp()
    expect(receive(start, {})).toEqual([0])
    expect(receive(start, {}, {})).toEqual([0, 0])
  })

  it('with sentAt, its age is what the device says', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start - 90_000, sentAt: start - 30_000 })).toEqual([minute])
    expect(receive(start + minute, { ts: start - 5 * minute, sentAt: start + minute })).toEqual([])
  })
})

describe('a message that waited', () => {
  it('is not live, nor is the rest of a queue that is sent at once, but for its end', () => {
    const { receive } = setUp()
    const back = start + 20 * minute
    const ages = Array.from({ length: 21 }, (_, index) => 20 - index)
    const live = ages.flatMap((age) => receive(back, { ts: back - age * minute, sentAt: back - age * minute }))
    expect(live).toEqual([0, 0, 0, 0])
    expect(setUp().receive(back, { ts: start })).toEqual([])
  })

  it('is not live either in a queue of many small steps', () => {
    const { receive } = setUp()
    const live = [0, 10, 20, 30, 40].flatMap((s) => receive(start + s * 10, { ts: start - 20 * minute + s * 1_000 }))
    expect(live).toEqual([])
  })

  it('repeated over and over stays what it is', () => {
    const { receive } = setUp()
    receive(start, { ts: start })
    const late = start - 10 * minute
    const live = [1, 2, 3, 4, 5].flatMap((second) => receive(start + second * 1_000, { ts: late }))
    expect(live).toEqual([])
  })
})

describe('a clock that lags', () => {
  it('is believed when it lags by the same three times', () => {
    const { receive } = setUp()
    const live = [0, 1, 2, 3].map((n) => receive(start + n * minute, { ts: start + (n - 30) * minute }))
    expect(live).toEqual([[], [], [0], [0]])
  })

  it('is believed in spite of a little jitter', () => {
    const { receive } = setUp()
    const jitter = [0, 4_000, -3_000, 2_000]
    const live = jitter.map((late, n) => receive(start + n * minute + late, { ts: start + (n - 30) * minute }))
    expect(live.map(({ length }) => length)).toEqual([0, 0, 1, 1])
  })

  it('set back to 2000 by a power cut, again and again, and right in between', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start })).toEqual([0])
    const boots = [1, 20, 40].map((begin) =>
      [0, 1, 2, 3, 4].map((n) => {
        const own = Date.UTC(2000, 0, 1) + n * minute
        return receive(start + (begin + n) * minute, { ts: own, sentAt: own })
      }),
    )
    const fromThirdOn = [[], [], [0], [0], [0]]
    expect(boots).toEqual([fromThirdOn, fromThirdOn, fromThirdOn])
    const set = start + 60 * minute
    expect(receive(set, { ts: set })).toEqual([0])
    expect(receive(set + minute, { ts: set + minute })).toEqual([0])
  })

  it('a backlog of a lagging clock is backlog', () => {
    const { receive } = setUp()
    for (const n of [0, 1, 2]) receive(start + n * minute, { ts: start + (n - 30) * minute })
    const now = start + 10 * minute
    expect(receive(now, { ts: now - 36 * minute }, { ts: now - 31 * minute }, { ts: now - 30 * minute })).toEqual([
      minute,
      0,
    ])
  })
})

describe('a clock that is ahead', () => {
  it('by up to two minutes is taken as it is', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start + 2 * minute })).toEqual([0])
  })

  it('by more is not believed: what it says was measured on arrival', () => {
    const { receive } = setUp()
    expect(receive(start, { ts: start + 2 * minute + 1 })).toEqual([0])
    // One impossible time does not spoil what follows.
    expect(receive(start + 1_000, { ts: start + 1_000 })).toEqual([0])
  })

  it('by hours, as when local time is sent: live from the first on, repetitions told apart from the third on', () => {
    const { receive } = setUp()
    const ahead = 7 * 60 * minute
    const live = [0, 1, 2, 3].map((n) => receive(start + n * minute, { ts: start + n * minute + ahead }))
    expect(live).toEqual([[0], [0], [0], [0]])
    expect(receive(start + 3 * minute + 1_000, { ts: start + 3 * minute + ahead })).toEqual([])
    expect(receive(start + 4 * minute, { ts: start + 4 * minute })).toEqual([0])
  })
})
