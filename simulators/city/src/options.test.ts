import { AppError } from '@ronda/contracts/errors'
import { expect, test } from 'vitest'
import { faultKindNames } from './fault-kinds.ts'
import { help, parseOptions } from './options.ts'

function problemsOf(args: readonly string[]): readonly string[] {
  try {
    parseOptions(args)
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.message, ...error.problems]
  }
  return []
}

test('without arguments it is 300 devices with a fault or two a minute', () => {
  expect(parseOptions([])).toEqual({
    devices: 300,
    seed: 1,
    city: undefined,
    intervalS: 20,
    faultsPerMinute: 1.5,
    connectsPerSecond: 200,
  })
})

test('faults suit the number of devices, unless they are given', () => {
  expect(parseOptions(['--devices', '20'])?.faultsPerMinute).toBe(0.1)
  expect(parseOptions(['--devices', '50000'])?.faultsPerMinute).toBe(1.5)
  expect(parseOptions(['--faults', '0'])?.faultsPerMinute).toBe(0)
  expect(parseOptions(['--faults', '0.25'])?.faultsPerMinute).toBe(0.25)
})

test('all problems are named by their options', () => {
  const problems = problemsOf(['--devices', '0', '--seed', 'x', '--interval', '0.5', '--connects', '1.5'])
  expect(problems[0]).toBe('config_invalid')
  expect(problems.slice(2).map((problem) => problem.split(':')[0])).toEqual([
    '--devices',
    '--seed',
    '--interval',
    '--connects',
  ])
})

test('an option that does not exist is named', () => {
  expect(problemsOf(['--device', '3']).join(' ')).toContain("'--device'")
})

test('help explains every option and every kind of fault', () => {
  expect(parseOptions(['--help', '--devices', 'x'])).toBeUndefined()
  for (const option of ['devices', 'seed', 'city', 'interval', 'faults', 'connects'])
    expect(help).toContain(`--${option}`)
  for (const kind of faultKindNames) expect(help).toContain(kind)
})
