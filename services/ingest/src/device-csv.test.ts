import { Device, NewDevice } from '@ronda/contracts/device'
import { expect, test } from 'vitest'
import {
  type StatedDevice,
  deviceCsvHeader,
  deviceCsvRow,
  importRefused,
  importResultCsv,
  mostImportRows,
  parseDeviceCsv,
} from './device-csv.ts'

const header = 'id,kind,name,latitude,longitude,district'

async function rowsOf(text: string): Promise<readonly StatedDevice[]> {
  const { rows, problems } = await parseDeviceCsv(text)
  expect(problems).toEqual([])
  return rows
}

/** As an import is refused with them. */
async function problemsOf(text: string): Promise<readonly string[]> {
  return importRefused((await parseDeviceCsv(text)).problems).problems
}

test('cells become values; an empty one takes an optional value away, and states nothing of the others', async () => {
  const text = `\uFEFF${header},intervalS,tags,enabled,supply,pole\r\npju-1,streetlight,"Jl. ""Ü"", 1",-6.3,106.7,serpong,20,new;tall,false,,\r\n`
  const [row] = await rowsOf(text)
  expect(row).toEqual({
    line: 2,
    stated: {
      id: 'pju-1',
      kind: 'streetlight',
      name: 'Jl. "Ü", 1',
      latitude: -6.3,
      longitude: 106.7,
      district: 'serpong',
      intervalS: 20,
      tags: ['new', 'tall'],
      enabled: false,
      pole: undefined,
    },
  })
  expect(Object.keys(row?.stated ?? {})).toContain('pole')
  expect(Object.keys(row?.stated ?? {})).not.toContain('supply')
})

test('what is exported is stated alike', async () => {
  const device = NewDevice.parse({
    id: 'pju-1',
    kind: 'streetlight',
    name: 'a, "b"\nc',
    latitude: -6.3,
    longitude: 106.7,
    district: 'serpong',
    tags: ['x', 'y'],
    phase: 'L2',
    nominalPowerW: 90,
    rules: { low_voltage: { limits: { lowBelow: 0.8 }, raise: { minutes: 5 } }, 'vendor:E1': { enabled: false } },
  })
  const csv = deviceCsvHeader + deviceCsvRow(Device.parse({ ...device, uid: 'abcdefghij', revision: 3 }))
  const [row] = await rowsOf(csv)
  expect(NewDevice.parse(row?.stated)).toEqual(device)
})

test('rules that are no JSON stay text, which the schema refuses', async () => {
  const [row] = await rowsOf('id,rules\npju-1,low_voltage off')
  expect(row?.stated['rules']).toBe('low_voltage off')
  expect(NewDevice.shape.rules.safeParse(row?.stated['rules']).success).toBe(false)
})

test('a long file with letters of several bytes is read as it is', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `Jalan Çamlıca ${'é'.repeat(i % 7)} 灯 ${i}`)
  const rows = await rowsOf(`id,name\n${names.map((name, i) => `pju-${i},${name}`).join('\n')}`)
  expect(rows.map(({ stated }) => stated['name'])).toEqual(names)
})

test('every line that is no row of the table is told', async () => {
  expect(await problemsOf(`${header},colour,id\npju-1,camera,A,-6.3,106.7,serpong,green,pju-1\n`)).toEqual([
    expect.stringMatching(/^line 1: column id: it is there twice/),
    expect.stringMatching(/^line 1: column colour: there is no such column/),
  ])
  expect(await problemsOf('name,kind\nA,camera\n')).toEqual(['line 1: column id: it is missing'])
  expect(await problemsOf(`${header}\npju-1,camera\npju-2,camera,A,-6.3,106.7,serpong\npju-3\n`)).toEqual([
    expect.stringMatching(/^line 2: Invalid Record Length/),
    expect.stringMatching(/^line 4: Invalid Record Length/),
  ])
  expect(await problemsOf(`${header}\n"pju-1,camera,A,-6.3,106.7,serpong\n`)).toHaveLength(1)
  for (const endless of ['x'.repeat(300_000), `id,name\npju-1,"${'x'.repeat(300_000)}`]) {
    expect(await problemsOf(endless)).toEqual([expect.stringMatching(/^line \d: Max Record Size: .{1,100}$/)])
  }
})

test('of very many problems the first are shown', async () => {
  const problems = await problemsOf(`${header}\n${'x,y\n'.repeat(1_000)}`)
  expect(problems).toHaveLength(201)
  expect(problems.at(-1)).toBe('and 800 more')
})

test('a file of more devices than one commit should hold is refused', async () => {
  const rows = Array.from({ length: mostImportRows + 1 }, (_, i) => `pju-${i}`)
  expect(await problemsOf(['id', ...rows].join('\n'))).toEqual([
    `line ${mostImportRows + 2}: a file has ${mostImportRows} devices at most: split it`,
  ])
})

test('the result of an import tells each token once', async () => {
  const device = Device.parse({
    ...NewDevice.parse({ id: 'pju-1', kind: 'streetlight', name: 'A', latitude: 0, longitude: 0, district: 'serpong' }),
    uid: 'abcdefghij',
    revision: 1,
  })
  expect(
    await importResultCsv([
      { device, outcome: 'registered', token: 'T' },
      { device, outcome: 'unchanged' },
    ]),
  ).toBe('id,uid,revision,outcome,token\npju-1,abcdefghij,1,registered,T\npju-1,abcdefghij,1,unchanged,\n')
})
