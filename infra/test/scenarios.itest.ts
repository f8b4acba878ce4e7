// The scenarios of `npm run simulate -- scenario`, small: the real services, a simulated city, and nothing missed,
// nothing false. What a machine cannot do at a scenario's speed it is asked at half of it.
import { faultKindNames } from '@ronda/city/fault-kinds'
import { type Scenario, parseScenario, readScenario } from '@ronda/city/scenario/scenario'
import { expect, test } from 'vitest'
import { type RunResult, runScenario } from '../scenarios/run-scenario.ts'

const patience = { timeout: 300_000 }
const speeds = [1, 0.5, 0.25]

async function run(scenario: Scenario, devices: number): Promise<RunResult> {
  const reasons: string[] = []
  for (const share of speeds) {
    const result = await runScenario({
      scenario: { ...scenario, city: { ...scenario.city, devices }, speed: Math.round(scenario.speed * share) },
      seed: 1,
      say: () => {},
      signal: new AbortController().signal,
    })
    if (result.behind === undefined) return result
    reasons.push(result.behind)
  }
  throw new Error(`this machine is too slow:\n${reasons.join('\n')}`)
}

test('a cabinet that is cut off is one row, with its lamps as consequences', patience, async () => {
  const { breaches, grade, alarms } = await run(readScenario('feeder-cut'), 150)
  expect(breaches).toEqual([])
  expect(grade.total).toMatchObject({ precision: 1, recall: 1 })
  expect(grade.byCode.get('feeder_outage')).toMatchObject({ expected: 2, found: 2 })
  expect(grade.byCode.get('comm_loss')).toMatchObject({ expected: 0, false: 0 })
  expect(grade.byCode.get('comm_loss')?.consequences).toBeGreaterThan(10)
  // Without grouping it were a flood.
  expect(alarms['as it is']).toMatchObject({ announced: 2, floods: { count: 0 } })
  expect(alarms['no grouping']?.announced).toBeGreaterThan(12)
  expect(alarms['no grouping']?.floods.count).toBeGreaterThan(0)
})

test('nobody is missed for the broker’s absence, and who is gone afterwards is', patience, async () => {
  const { breaches, grade, messages, devices } = await run(readScenario('broker-outage'), 150)
  expect(breaches).toEqual([])
  expect(grade.total).toMatchObject({ precision: 1, recall: 1, false: 0 })
  expect(messages).toBeGreaterThan(5 * devices)
})

test('faults of all kinds, while ingest is killed again and again', patience, async () => {
  // One takes a day to clear, the other more devices behind one gateway than there are.
  const kinds = faultKindNames.filter((kind) => kind !== 'cycling_failure' && kind !== 'uplink_outage')
  const scenario = parseScenario(
    `
      about: an hour of a night
      city: { devices: 200, interval: 2 min, sightings: false }
      starts: 2026-11-21T13:00:00Z
      speed: 150
      slack: 3 min
      timeline:
        - { random: { share: 0.16, kinds: [${kinds.join(', ')}], least: 26 min, mean: 28 min }, until: 8 min }
        - { kill: ingest, until: 45 min, times: 3 }
      lasts: 50 min
    `,
    'an hour',
  )
  const { breaches, grade, injected } = await run(scenario, 200)
  expect(breaches).toEqual([])
  expect(injected).toBeGreaterThan(8)
  expect(grade.total).toMatchObject({ precision: 1, recall: 1, false: 0 })
  expect(grade.total.expected).toBeGreaterThan(injected / 2)
})
