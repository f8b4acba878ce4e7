// The verdicts as JUnit XML, as build servers read it: a suite for each scenario, with a case for each fault of the
// truth and one for each promise.
import type { Expectation } from './expectations.ts'
import type { RunResult } from './run-scenario.ts'

type Verdicts = Pick<RunResult, 'faults' | 'promises' | 'behind' | 'seconds'>

interface Case {
  group: 'faults' | 'promises'
  name: string
  breaches: readonly string[]
  /** Why nobody can say. */
  skipped?: string | undefined
}

/** `result` is undefined of a run that did not come about. */
export function junitOf(runs: readonly { name: string; result: Verdicts | undefined }[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${runs.map(suiteOf).join('')}</testsuites>\n`
}

function suiteOf({ name, result }: { name: string; result: Verdicts | undefined }): string {
  const cases = result === undefined ? [didNotRun] : casesOf(result)
  const failures = cases.filter(({ breaches }) => breaches.length > 0).length
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const counts = { tests: cases.length, failures, skipped, time: (result?.seconds ?? 0).toFixed(1) }
  return `  <testsuite${attributes({ name, ...counts })}>\n${cases.map((each) => textOf(name, each)).join('')}  </testsuite>\n`
}

const didNotRun: Case = { group: 'promises', name: 'the scenario runs', breaches: ['it did not come to a verdict'] }

function casesOf({ faults, promises, behind }: Verdicts): Case[] {
  return [
    ...faults.map(({ expectation, breaches }) => ({
      group: 'faults' as const,
      name: nameOf(expectation),
      breaches: behind === undefined ? breaches : [],
      skipped: behind,
    })),
    ...promises.map(({ promise, breaches }) => ({ group: 'promises' as const, name: promise, breaches })),
  ]
}

const expected: Record<Expectation['is'], string> = {
  must: 'is found',
  may: 'may be found',
  none: 'is too short to be found',
}

function nameOf({ deviceId, code, from, is }: Expectation): string {
  return `${code} of ${deviceId} at ${new Date(from).toISOString()} ${expected[is]}`
}

function textOf(scenario: string, { group, name, breaches, skipped }: Case): string {
  const open = `    <testcase${attributes({ classname: `${scenario}.${group}`, name })}`
  const [first] = breaches
  if (first !== undefined) {
    return `${open}>\n      <failure${attributes({ message: first })}>${escaped(breaches.join('\n'))}</failure>\n    </testcase>\n`
  }
  return skipped === undefined
    ? `${open}/>\n`
    : `${open}>\n      <skipped${attributes({ message: skipped })}/>\n    </testcase>\n`
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What services print may have any character, and XML has no way to write some of them. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
