import { deviceColumns as contracted } from '@ronda/contracts/device'
import { expect, test } from 'vitest'
import { deviceColumns } from './device-columns.ts'

test('the page knows the columns of the contract', () => {
  expect(deviceColumns).toEqual(contracted)
})
