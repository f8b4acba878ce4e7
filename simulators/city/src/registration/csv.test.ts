import { NewDevice } from '@ronda/contracts/device'
import { expect, test } from 'vitest'
import { ZodError } from 'zod'
import { examplePlan } from '../../test/example-city.ts'
import { parseDevices, parseImported, toCsv } from './csv.ts'

test('a plan is the same after a journey through CSV', () => {
  const plan = examplePlan(120)
  expect(parseDevices(toCsv(plan))).toEqual(plan)
})

test('what is absent, quoted or false stays so', () => {
  const device = NewDevice.parse({
    id: 'cctv-1',
    kind: 'camera',
    name: 'Simpang "Lima", utara',
    latitude: -6.1,
    longitude: 106.1,
    district: 'a',
    installedAt: 1,
    enabled: false,
  })
  expect(parseDevices(toCsv([device]))).toEqual([device])
})

test('the answer to an import has a token where there is one', () => {
  const csv = 'id,uid,revision,outcome,token\na-1,abcdefghij,1,registered,secret\nb-1,abcdefghik,2,unchanged,\n'
  expect(parseImported(csv)).toEqual([
    { id: 'a-1', outcome: 'registered', token: 'secret' },
    { id: 'b-1', outcome: 'unchanged' },
  ])
})

test('an answer that is no such CSV is refused', () => {
  expect(() => parseImported('<html></html>\n<p>\n')).toThrow(ZodError)
  expect(() => parseImported('id,outcome\na-1,vanished\n')).toThrow(ZodError)
})
