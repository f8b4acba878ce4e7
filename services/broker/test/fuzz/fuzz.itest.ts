// Broken MQTT in bulk: the broker lives, complains of nothing, answers those who behave, gives its memory back, and
// keeps what it acknowledged. `npm run fuzz` is the same for as long as one likes.
import { expect, test } from 'vitest'
import { runFuzz } from './fuzz-run.ts'

const seed = 3_1_1

test('50,000 packets that were mutated', async () => {
  const report = await runFuzz({ seed, packets: 50_000 })
  // What it takes to do it again.
  process.stdout.write(`fuzz: ${JSON.stringify(report)}\n`)
  expect(report.findings).toEqual([])
  expect(report.packets).toBeGreaterThanOrEqual(50_000)
})
