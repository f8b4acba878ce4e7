// Who is blamed for an uplink that is cut, held against the decision of docs/adr/0018.
import type { Unit } from '@ronda/city/unit'
import type { NewDevice } from '@ronda/contracts/device'
import { createUnits, placesOf } from '@ronda/city/unit'
import { createRulebook } from '@ronda/faults/rules/rulebook'
import { describe, expect, it } from 'vitest'
import { standsFor } from './uplinks.ts'

const at = {
  latitude: -6.3,
  longitude: 106.7,
  district: 'setu',
  supply: 'permanent',
  intervalS: 60,
  zone: 'main',
} as const

function device(kind: NewDevice['kind'], id: string, more: Partial<NewDevice> = {}): NewDevice {
  return { id, kind, name: id, enabled: true, ...at, ...more }
}

function many(count: number, kind: NewDevice['kind'], prefix: string, more: Partial<NewDevice> = {}): NewDevice[] {
  return Array.from({ length: count }, (_, n) => device(kind, `${prefix}-${n}`, more))
}

/** A site whose gateway carries its access points, among cameras elsewhere in its district. */
function siteOf(points: number): NewDevice[] {
  const site = { site: 'taman' }
  return [
    device('gateway', 'gw', site),
    ...many(points, 'access-point', 'ap', { ...site, gateway: 'gw' }),
    ...many(40, 'camera', 'cam'),
  ]
}

function standsOf(plan: readonly NewDevice[], id: string, isExpected: (unit: Unit) => boolean = () => true) {
  const units = createUnits(plan, 1)
  const cut = [...units, ...placesOf(units)].find((each) => each.id === id)
  if (cut === undefined) throw new Error(`the plan has no ${id}`)
  const stands = standsFor(cut, { rulebook: createRulebook(), isExpected })
  return stands.map(({ deviceId, code, devices }) => `${deviceId} ${code} ${devices.size}`)
}

describe('a site with ten devices that is cut off', () => {
  it('is one fault of the site', () => {
    expect(standsOf(siteOf(9), 'taman')).toEqual(['taman uplink_outage 11'])
  })

  it('also when it is its only gateway that was cut', () => {
    expect(standsOf(siteOf(9), 'gw')).toEqual(['taman uplink_outage 11'])
  })

  it('is one of its gateway where that could have a fault of its own', () => {
    expect(standsOf(siteOf(12), 'gw')).toEqual(['gw uplink_outage 13'])
    expect(standsOf(siteOf(12), 'taman')).toEqual(['gw uplink_outage 13'])
  })
})

describe('too few devices for an uplink', () => {
  it('are beneath the silence of their gateway', () => {
    expect(standsOf(siteOf(4), 'gw')).toEqual(['gw comm_loss 5'])
    expect(standsOf(siteOf(4), 'taman')).toEqual(['gw comm_loss 5'])
  })

  it('without a gateway are each on its own', () => {
    const plan = [...many(2, 'camera', 'cam', { site: 'simpang' }), ...many(20, 'camera', 'other')]
    expect(standsOf(plan, 'simpang')).toEqual(['cam-0 comm_loss 1', 'cam-1 comm_loss 1'])
  })

  it('with a cabinet among them are nobody’s to say', () => {
    const lamps = many(6, 'streetlight', 'pju', { cabinet: 'pnl', site: 'taman', phase: 'L1' })
    const plan = [device('cabinet', 'pnl', { site: 'taman' }), ...lamps, ...many(20, 'camera', 'cam')]
    expect(() => standsOf(plan, 'taman')).toThrow('nobody can say')
  })

  it('are those that are to be heard', () => {
    expect(standsOf(siteOf(9), 'taman', ({ id }) => id !== 'ap-3')).toEqual(['gw comm_loss 10'])
  })
})

describe('a district that is cut off', () => {
  const street = (name: string) => [
    device('cabinet', name),
    ...many(10, 'streetlight', `pju-${name}`, { cabinet: name, circuit: 'A', phase: 'L1' }),
  ]

  it('is one fault of the district, not of its cabinets and sites', () => {
    expect(standsOf([...street('a'), ...street('b'), ...siteOf(9)], 'setu')).toEqual(['setu uplink_outage 74'])
  })

  it('with a single cabinet and its lamps is taken for that cabinet', () => {
    expect(() => standsOf(street('a'), 'setu')).toThrow('nobody can say')
  })
})
