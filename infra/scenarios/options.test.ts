import { scenarioNames } from '@ronda/city/scenario/scenario'
import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('one scenario, as it is written or changed', () => {
  expect(parseOptions(['feeder-cut'])).toMatchObject({
    scenarios: [{ name: 'feeder-cut', scenario: { city: { devices: 300 }, speed: 60 } }],
    seed: 1,
    json: false,
    junit: undefined,
  })
  const changed = ['feeder-cut', '--devices', '40', '--speed', '9', '--restarts', '2', '--junit', 'x.xml']
  const { scenarios = [], junit } = parseOptions(changed) ?? {}
  expect(scenarios[0]?.scenario).toMatchObject({ city: { devices: 40 }, speed: 9 })
  expect(scenarios[0]?.scenario.timeline.at(-1)).toMatchObject({ kill: 'ingest', times: 2 })
  expect(junit).toBe('x.xml')
})

test('all of them but the one that takes an hour', () => {
  const names = parseOptions(['all'])?.scenarios.map(({ name }) => name)
  expect(names).toEqual(scenarioNames().filter((name) => name !== 'day'))
})

test('no such scenario', () => {
  expect(() => parseOptions(['apocalypse'])).toThrow('there is no scenario apocalypse')
})
