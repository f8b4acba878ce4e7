import { describe, expect, test } from 'vitest'
import { Device, DevicePatch, NewDevice, deviceColumns } from './device.ts'

const known = { id: 'pju-1', kind: 'streetlight', name: 'PJU 1', latitude: -6.3, longitude: 106.7, district: 'serpong' }

describe('device', () => {
  test('the least that is to be said, and what is taken for granted', () => {
    expect(NewDevice.parse(known)).toEqual({
      ...known,
      supply: 'permanent',
      intervalS: 60,
      zone: 'main',
      enabled: true,
    })
  })

  test.each([
    ['id', 'PJU 1'],
    ['kind', 'lamp'],
    ['latitude', 91],
    ['longitude', '106.7'],
    ['district', 'Serpong Utara'],
    ['intervalS', 0],
    ['nominalPowerW', -1],
    ['phase', 'L4'],
    ['installedAt', -1],
    ['installedAt', 8_640_000_000_000_001],
    ['colour', 'green'],
  ])('%s: %j is refused', (name, value) => {
    expect(NewDevice.safeParse({ ...known, [name]: value }).success).toBe(false)
  })

  test('a patch changes nothing that it does not state', () => {
    expect(DevicePatch.parse({ name: 'New' })).toEqual({ name: 'New' })
    expect(DevicePatch.safeParse({ id: 'other' }).success).toBe(false)
    expect(DevicePatch.safeParse({ kind: 'camera' }).success).toBe(false)
  })

  test('columns of CSV are what is stated at registration', () => {
    expect(deviceColumns).toContain('nominalPowerW')
    for (const own of ['uid', 'revision', 'retiredAt']) expect(deviceColumns).not.toContain(own)
    expect(Object.keys(Device.shape)).toEqual(expect.arrayContaining([...deviceColumns]))
  })
})
