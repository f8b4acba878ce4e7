import { expect, test } from 'vitest'
import { replaceSection } from './figures-page.ts'

const measured = {
  suite: 'broker',
  machine: '2 cores, 2026-11-22',
  about: 'A broker.',
  figures: [
    {
      suite: 'broker',
      figure: 'rate',
      value: 80_000,
      unit: 'msg/s',
      baseline: 100_000,
      target: { of: 'ratio', atLeast: 0.85 },
    },
  ],
} as const

const section = `<!-- broker:begin -->

## broker

A broker. Measured on 2 cores, 2026-11-22.

| figure | value | baseline | ratio | target |  |
| --- | --- | --- | --- | --- | --- |
| rate | 80,000 msg/s | 100,000 msg/s | 0.80 | ratio ≥ 0.85 | not met |

<!-- broker:end -->`

test('a suite that the page does not have comes last', () => {
  expect(replaceSection('# Benchmarks\n', measured)).toBe(`# Benchmarks\n\n${section}\n`)
})

test('a suite that is there gives way to its new figures, and nothing else changes', () => {
  const page = `# Benchmarks\n\n${section}\n\n<!-- engine:begin -->\n\nold\n\n<!-- engine:end -->\n`
  const changed = replaceSection(page.replace('80,000', '1'), measured)
  expect(changed).toBe(page)
  expect(replaceSection(changed, { ...measured, suite: 'engine' })).toContain(section)
})
