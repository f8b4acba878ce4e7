import { AppError } from '@ronda/contracts/errors'
import { Device, NewDevice } from '@ronda/contracts/device'
import { expect, test } from 'vitest'
import { exportDeviceCsv, importResultCsv, parseDeviceCsv } from './device-csv.ts'

const header = 'id,kind,name,latitude,longitude,district'

function problemsOf(text: string): readonly string[] {
  try {
    parseDeviceCsv(text)
    return []
  } catch (error) {
    if (error instanceof AppError) return error.problems
    throw error
  }
}

test('rows become devices, empty cells are not stated', () => {
  const text = `${header},intervalS,tags,enabled,pole\r\npju-1,streetlight,"Jl. Raya ""A"", 1",-6.3,106.7,serpong,20,new;tall,false,\r\n`
  const [row] = parseDeviceCsv(text)
  expect(row).toEqual({
    line: 2,
    device: {
      id: 'pju-1',
      kind: 'streetlight',
      name: 'Jl. Raya "A", 1',
      latitude: -6.3,
      longitude: 106.7,
      district: 'serpong',
      intervalS: 20,
      tags: ['new', 'tall'],
      enabled: false,
      supply: 'permanent',
      zone: 'main',
    },
  })
})

test('what is exported is imported alike', () => {
  const stated = {
    id: 'pju-1',
    kind: 'streetlight',
    name: 'a, "b"',
    latitude: -6.3,
    longitude: 106.7,
    district: 'serpong',
  }
  const device = NewDevice.parse({ ...stated, tags: ['x', 'y'], phase: 'L2', nominalPowerW: 90 })
  const csv = exportDeviceCsv([Device.parse({ ...device, uid: 'abcdefghij', revision: 3 })])
  expect(parseDeviceCsv(csv)).toEqual([{ line: 2, device }])
})

test('every problem is told with its line and column, and nothing is imported', () => {
  const text = `${header}\npju-1,lamp,A,-6.3,106.7,serpong\nPJU 2,streetlight,B,north,106.7,serpong\npju-3,camera,C,-6.3,106.7,serpong\n`
  expect(problemsOf(text)).toEqual([
    expect.stringMatching(/^line 2: kind: /),
    expect.stringMatching(/^line 3: id: /),
    expect.stringMatching(/^line 3: latitude: /),
  ])
})

test('an unknown column, a short row, no CSV', () => {
  expect(problemsOf(`${header},colour\npju-1,camera,A,-6.3,106.7,serpong,green\n`)).toEqual([
    expect.stringMatching(/^line 1: column colour: there is no such column/),
  ])
  expect(problemsOf(`${header}\npju-1,camera\n`)).toHaveLength(1)
  expect(problemsOf(`${header}\n"pju-1,camera,A,-6.3,106.7,serpong\n`)).toHaveLength(1)
})

test('of very many problems the first are shown', () => {
  const problems = problemsOf(`${header}\n${'x,y,z,1,2,3\n'.repeat(1_000)}`)
  expect(problems).toHaveLength(201)
  expect(problems.at(-1)).toMatch(/^and \d+ more$/)
})

test('the result of an import tells each token once', () => {
  const device = Device.parse({
    ...NewDevice.parse({ id: 'pju-1', kind: 'streetlight', name: 'A', latitude: 0, longitude: 0, district: 'serpong' }),
    uid: 'abcdefghij',
    revision: 1,
  })
  expect(
    importResultCsv([
      { device, outcome: 'registered', token: 'T' },
      { device, outcome: 'unchanged' },
    ]),
  ).toBe('id,uid,revision,outcome,token\npju-1,abcdefghij,1,registered,T\npju-1,abcdefghij,1,unchanged,\n')
})
