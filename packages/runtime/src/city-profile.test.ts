import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@ronda/contracts/errors'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProblemsOf, readCity } from './city-profile.ts'

const tangsel = join(import.meta.dirname, '../../../infra/cities/tangsel')
let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'ronda-city-'))))
afterEach(() => rmSync(dir, { recursive: true }))

/** The problems of the profile of Tangerang Selatan with something else in it. */
function problemsWith(changes: object, problemsOf?: ProblemsOf): readonly string[] {
  const districts = join(tangsel, 'districts.geojson')
  const profile: object = JSON.parse(readFileSync(join(tangsel, 'city.json'), 'utf8'))
  writeFileSync(join(dir, 'city.json'), JSON.stringify({ ...profile, districts: 'districts.geojson', ...changes }))
  writeFileSync(join(dir, 'districts.geojson'), readFileSync(districts))
  try {
    readCity(dir, problemsOf)
    return []
  } catch (error) {
    if (error instanceof AppError && error.code === 'city_profile_invalid') return error.problems
    throw error
  }
}

test('a profile may change rules', () => {
  expect(
    problemsWith({ rules: { low_voltage: { limits: { lowBelow: 0.85 }, raise: { minutes: 5, reports: 2 } } } }),
  ).toEqual([])
})

test('what is wrong in form and what the service knows to be wrong is told together', () => {
  const rules = {
    low_voltage: { severity: 'bad', raise: { reports: 0, hours: 3 } },
    lamp_failure: { limits: { x: 'y' } },
  }
  const problems = problemsWith({ rules, slug: 'X' }, (content) => [
    `rules: ${Object.keys(content['rules'] ?? {}).join()}`,
  ])
  expect(problems).toEqual([
    expect.stringMatching(/^slug: /),
    expect.stringMatching(/^rules\.low_voltage\.severity: /),
    expect.stringMatching(/^rules\.low_voltage\.raise\.reports: /),
    expect.stringMatching(/^rules\.low_voltage\.raise: .*hours/),
    expect.stringMatching(/^rules\.lamp_failure\.limits\.x: /),
    'rules: low_voltage,lamp_failure',
  ])
})
