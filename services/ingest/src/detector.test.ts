import { expect, test } from 'vitest'
import { readInput } from './detector.ts'
import { makeDeviceRow, makeMessage } from './testing/messages.ts'

test.each([
  ['of the registry’s own revision is the registry’s own', 1, true],
  ['of another revision is what the record says', 2, false],
])('a device %s', (_name, revision, isSame) => {
  const known = makeDeviceRow('pju-1')
  const told = { ...known.device, revision }
  const record = makeMessage({ change: 'updated', device: told, by: 'test' }, '', { type: 'registry' })
  const input = readInput(record, 1, () => known)
  if (input?.type !== 'registry') throw new Error('it is no change of the registry')
  expect(input.change.device).toEqual(told)
  expect(input.change.device === known.device).toBe(isSame)
})
