// The guide to another kind of device (docs/simulators.md), followed word by word in a copy of the sources: what it says
// compiles, and a simulated city has the device.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const copy = mkdtempSync(join(tmpdir(), 'ronda-guide-'))
afterAll(() => rmSync(copy, { recursive: true }))

beforeAll(() => {
  const parts = ['packages', 'services', 'simulators', 'infra', 'tsconfig.json', 'tsconfig.base.json']
  const isSource = (path: string) => !/(^|\/)(dist|public)(\/|$)/.test(relative(root, path))
  for (const part of parts) {
    cpSync(join(root, part), join(copy, part), { recursive: true, verbatimSymlinks: true, filter: isSource })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const guide = readFileSync(join(root, 'docs/simulators.md'), 'utf8').split('\n## Another kind of device\n')[1] ?? ''
  for (const [, language, path = '', text = ''] of guide.matchAll(/^```(ts|diff) (\S+)\n(.*?)^```$/gms)) {
    const file = join(copy, path)
    writeFileSync(file, language === 'ts' ? text : changed(readFileSync(file, 'utf8'), text))
  }
})

/** Throws when what the change begins with is not there. */
function changed(source: string, diff: string): string {
  const lines = diff.split('\n').slice(0, -1)
  const side = (other: string) =>
    lines.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join('')
  const before = side('+')
  if (!source.includes(before)) throw new Error(`the guide changes what is not there:\n${before}`)
  return source.replace(before, side('-'))
}

/** The compiler reads the whole workspace. */
const compiling = { timeout: 180_000 }

test.each(['.', 'services/control-room'])('what the guide says compiles in %s', compiling, (project) => {
  const tsc = join(copy, 'node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: copy, encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})

test('a simulated city has the device, and Ronda accepts what it measures', () => {
  const script = `
    import { telemetrySchemas } from '@ronda/contracts/telemetry'
    import { measurementOf, measurements } from '@ronda/contracts/measurements'
    import { readCity } from '@ronda/runtime/city-profile'
    import { planCity } from './src/plan/plan.ts'
    import { createUnits } from './src/unit.ts'
    import { createWorld } from './src/physics/world.ts'
    import { measure } from './src/physics/measure.ts'
    const city = readCity('../../infra/cities/tangsel')
    const units = createUnits(planCity({ city, devices: 300, seed: 1, intervalS: 20 }), 1)
    const gauges = units.filter(({ kind }) => kind === 'water-level')
    const measured = gauges.map((gauge) => measure(createWorld(city.profile, 1), gauge, Date.UTC(2026, 10, 22)))
    const told = {
      devices: units.length,
      ids: gauges.map(({ id }) => id),
      accepted: measured.map((each) => Object.keys(telemetrySchemas['water-level'].parse(each))),
      columns: Object.keys(measurements[measurementOf('water-level')]).slice(-2),
    }
    process.stdout.write(JSON.stringify(told))`
  const args = ['--input-type=module-typescript', '--eval', script]
  const told: unknown = JSON.parse(
    execFileSync(process.execPath, args, { cwd: join(copy, 'simulators/city'), encoding: 'utf8' }),
  )
  const accepted = ['faults', 'levelM', 'batteryPct']
  expect(told).toEqual({
    devices: 300,
    ids: ['air-0001', 'air-0002', 'air-0003'],
    accepted: [accepted, accepted, accepted],
    columns: ['levelM', 'batteryPct'],
  })
})
