import { describe, expect, test } from 'vitest'
import { exampleCity, examplePlan } from '../test/example-city.ts'
import { createFaultBook } from './fault-book.ts'
import { createWorld } from './physics/world.ts'
import { createUnits } from './unit.ts'

const noon = Date.UTC(2026, 5, 3, 5)

function build() {
  const units = createUnits(examplePlan(60), 1)
  const find = (id: string) => {
    const unit = units.find(({ device }) => device.id === id)
    if (unit === undefined) throw new Error(`no ${id}`)
    return unit
  }
  return { book: createFaultBook(createWorld(exampleCity.profile, 1)), find }
}

describe('a fault', () => {
  test('is in the device and in the truth from when it is injected until it recovers', () => {
    const { book, find } = build()
    const lamp = find('pju-00001')
    book.inject(lamp, 'lamp_failure', noon + 1)
    expect(lamp.faults.lamp_failure?.since).toBe(noon + 1)
    expect(book.truth).toMatchObject([
      { deviceId: 'pju-00001', kind: 'lamp_failure', since: noon + 1, until: undefined },
    ])
    expect(book.active).toBe(1)
    expect(book.recover(lamp, 'lamp_failure', noon + 5)?.until).toBe(noon + 5)
    expect(lamp.faults).toEqual({})
    expect(book.truth).toMatchObject([{ since: noon + 1, until: noon + 5 }])
    expect(book.active).toBe(0)
  })

  test('of a kind that the device has already is that one', () => {
    const { book, find } = build()
    const lamp = find('pju-00001')
    const first = book.inject(lamp, 'comm_loss', noon + 1)
    expect(book.inject(lamp, 'comm_loss', noon + 2)).toBe(first)
    expect(book.truth).toHaveLength(1)
  })

  test('that is over may come again, as another', () => {
    const { book, find } = build()
    const lamp = find('pju-00001')
    book.inject(lamp, 'comm_loss', noon + 1)
    book.recover(lamp, 'comm_loss', noon + 2)
    expect(book.recover(lamp, 'comm_loss', noon + 3)).toBeUndefined()
    book.inject(lamp, 'comm_loss', noon + 4)
    expect(book.truth.map(({ since, until }) => [since - noon, until && until - noon])).toEqual([
      [1, 2],
      [4, undefined],
    ])
  })

  test('that its kind cannot have is refused, with those that it can', () => {
    const { book, find } = build()
    expect(() => book.inject(find('pju-00001'), 'video_loss', noon)).toThrow(
      'pju-00001 is a streetlight and cannot have video_loss, only: lamp_failure, day_burner, cycling_failure, ',
    )
    expect(book.truth).toEqual([])
  })

  test('of a place is in the place, and in the truth by its slug', () => {
    const { book, find } = build()
    const district = find('pju-00001').uplinks.at(-1)
    if (district === undefined) throw new Error('every device is in a district')
    book.inject(district, 'uplink_outage', noon)
    expect(book.truth).toMatchObject([{ deviceId: find('pju-00001').device.district, subject: 'district', phases: [] }])
    expect(() => book.inject(district, 'comm_loss', noon)).toThrow('is a district and cannot have comm_loss')
    expect(book.recover(district, 'uplink_outage', noon + 1)?.until).toBe(noon + 1)
    expect(district.faults).toEqual({})
  })

  test('of a cabinet concerns the phases that are asked for, else one of them or all', () => {
    const { book, find } = build()
    const cabinet = find('panel-0001')
    expect(book.inject(cabinet, 'feeder_outage', noon, { phases: ['L2'] }).phases).toEqual(['L2'])
    const numbers = Array.from({ length: 30 }, (_, n) => {
      book.recover(cabinet, 'feeder_outage', noon + n)
      return book.inject(cabinet, 'feeder_outage', noon + n).phases.length
    })
    expect(new Set(numbers)).toEqual(new Set([1, 3]))
    expect(book.inject(cabinet, 'high_voltage', noon).phases).toHaveLength(1)
    expect(book.inject(cabinet, 'door_open', noon).phases).toEqual([])
  })
})
