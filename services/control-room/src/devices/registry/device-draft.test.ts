import { Device, DevicePatch, NewDevice } from '@ronda/contracts/device'
import { expect, test } from 'vitest'
import { columnsOf, draftOf, mergeDraft, patchBy, statedBy } from './device-draft.ts'

const zone = 'Asia/Jakarta'
const device = Device.parse({
  id: 'pju-1',
  kind: 'streetlight',
  name: 'PJU 1',
  latitude: -6.3,
  longitude: 106.68,
  district: 'serpong',
  street: 'Jl. Astek',
  phase: 'L2',
  nominalPowerW: 90,
  installedAt: Date.UTC(2026, 0, 5, 9, 30),
  tags: ['new', 'tall'],
  rules: { low_voltage: { limits: { lowBelow: 0.8 } } },
  uid: 'abcdefghij',
  revision: 3,
})
const { uid: _uid, revision: _revision, installedAt: _installedAt, ...entered } = device

test('a device that is written down is stated alike; its day of installation as a day', () => {
  const { installedAt, ...stated } = NewDevice.parse(statedBy(draftOf(device, zone), zone))
  expect(stated).toEqual(entered)
  expect(new Date(installedAt ?? 0).toISOString()).toBe('2026-01-04T17:00:00.000Z')
})

test('a new one states what it has and no more', () => {
  const draft = { ...draftOf({}, zone), id: ' pju-2 ', name: 'PJU 2', latitude: '-6,3', longitude: '106.68' }
  expect(statedBy({ ...draft, district: 'setu', tags: 'a, b;c' }, zone)).toEqual({
    id: 'pju-2',
    kind: 'streetlight',
    name: 'PJU 2',
    latitude: -6.3,
    longitude: 106.68,
    district: 'setu',
    supply: 'permanent',
    intervalS: 60,
    zone: 'main',
    tags: ['a', 'b', 'c'],
    enabled: true,
  })
})

test('a change asks for what is another, and takes away what was emptied', () => {
  const before = draftOf(device, zone)
  expect(patchBy(before, before, zone)).toEqual({})
  const patch = patchBy({ ...before, name: 'New', street: ' ', tags: '', enabled: 'false' }, before, zone)
  expect(patch).toEqual({ name: 'New', street: null, tags: null, enabled: false })
  expect(DevicePatch.parse(patch)).toEqual(patch)
})

test('what is no number or no JSON stays as it is, for the server to refuse', () => {
  const before = draftOf(device, zone)
  expect(patchBy({ ...before, latitude: 'north', rules: 'off' }, before, zone)).toEqual({
    latitude: 'north',
    rules: 'off',
  })
})

test('of two changes at once both stay, and where they clash it is told', () => {
  const before = draftOf(device, zone)
  const mine = { ...before, name: 'Mine', pole: 'P-1', circuit: 'C' }
  const theirs = { ...before, name: 'Theirs', street: 'Jl. Baru', circuit: 'C' }
  const { draft, clashes } = mergeDraft(mine, before, theirs)
  expect(draft).toEqual({ ...before, name: 'Mine', pole: 'P-1', street: 'Jl. Baru', circuit: 'C' })
  expect(clashes).toEqual(['name'])
})

test('a refusal is about the columns that it names', () => {
  const problems = ['latitude: Too big', 'rules.low_voltage.limits.under: there is no such limit', 'and 3 more']
  expect(columnsOf(problems)).toEqual(['latitude', 'rules'])
})
