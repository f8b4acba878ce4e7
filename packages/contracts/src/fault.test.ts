import { expect, test } from 'vitest'
import { FaultFilter, matchesFilter } from './fault.ts'

const fault = { district: 'serpong', kind: 'streetlight', severity: 'major', agency: 'dishub' } as const

test.each([
  [{}, true],
  [{ districts: ['serpong', 'setu'] }, true],
  [{ districts: ['setu'] }, false],
  [{ kinds: ['camera'] }, false],
  [{ severities: ['major'], agencies: ['dishub'] }, true],
  [{ severities: ['major'], agencies: ['kominfo'] }, false],
])('the filter %j admits it: %s', (filter, admitted) => {
  expect(matchesFilter(FaultFilter.parse(filter), fault)).toBe(admitted)
})

test.each(['site', 'district'] as const)('faults of a %s can be asked for as those of devices', (kind) => {
  const filter = FaultFilter.parse({ kinds: [kind] })
  expect(matchesFilter(filter, { ...fault, kind })).toBe(true)
  expect(matchesFilter(filter, fault)).toBe(false)
})

test('who asks for an agency does not get what has none', () => {
  expect(matchesFilter(FaultFilter.parse({ agencies: ['dishub'] }), { ...fault, agency: undefined })).toBe(false)
})
