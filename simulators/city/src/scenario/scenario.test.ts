import { readFileSync } from 'node:fs'
import { AppError } from '@ronda/contracts/errors'
import { describe, expect, it, test } from 'vitest'
import { Duration, parseScenario, readScenario, scenarioNames } from './scenario.ts'

function problemsOf(read: () => unknown): string[] {
  try {
    read()
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.message, ...error.problems]
  }
  return []
}

test('every scenario that comes with it is valid, and ends after its last step', () => {
  expect(scenarioNames()).toEqual(expect.arrayContaining(['broker-outage', 'day', 'feeder-cut', 'wifi-flap']))
  expect(scenarioNames().length).toBeGreaterThanOrEqual(12)
  for (const name of scenarioNames()) {
    const { timeline, lasts } = readScenario(name)
    expect(timeline.length).toBeGreaterThan(0)
    for (const step of timeline) expect('until' in step ? step.until : step.at + step.lasts).toBeLessThan(lasts)
  }
})

test('every scenario has its row in the documentation', () => {
  const page = readFileSync('docs/scenarios.md', 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  expect(rows).toHaveLength(scenarioNames().length)
  expect(rows).toEqual(expect.arrayContaining(scenarioNames()))
})

describe('a duration', () => {
  it.each([
    ['0 s', 0],
    ['250ms', 250],
    ['90 s', 90_000],
    ['20 min', 1_200_000],
    ['1.5 h', 5_400_000],
  ])('%s', (text, ms) => expect(Duration.parse(text)).toBe(ms))

  it.each(['20', 'min', '20 minutes', '-1 s', ''])('is not %s', (text) => {
    expect(Duration.safeParse(text).success).toBe(false)
  })
})

test('all problems of a scenario are named by their places', () => {
  const text = `
    about: broken
    city: { devices: 0, interval: 1 minute }
    starts: 2026-11-21T13:00:00Z
    speed: 60
    slack: 1 min
    timeline: [{ fault: bad_luck, in: { kind: camera }, lasts: 1 min }]
    lasts: 1 h
  `
  const [code, message, ...problems] = problemsOf(() => parseScenario(text, 'broken'))
  expect([code, message]).toEqual(['config_invalid', 'the scenario broken is not valid'])
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['city.devices', 'city.interval', 'timeline.0'])
})

test('one that is not there is told with those that are', () => {
  expect(problemsOf(() => readScenario('apocalypse')).join(' ')).toMatch(/no scenario apocalypse: .*feeder-cut/)
  expect(problemsOf(() => readScenario('')).join(' ')).toMatch(/name a scenario: .*feeder-cut/)
})

test('what is no YAML is told as such', () => {
  expect(problemsOf(() => parseScenario('about: [', 'odd')).join(' ')).toMatch(/the scenario odd is no YAML/)
})
