// `npm test`: gets the servers that tests need, runs every test, and ends with one line that counts them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installServers } from '../testing/servers.ts'

const root = join(import.meta.dirname, '..', '..')
const args = process.argv.slice(2)

const missing = installServers((text) => process.stderr.write(`${text}\n`))
for (const each of missing) process.stderr.write(`SKIPPED: ${each}\n`)

const folder = mkdtempSync(join(tmpdir(), 'ronda-test-'))
const results = join(folder, 'results.json')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const reporters = ['default', 'json', join(root, 'infra', 'testing', 'second-tries.ts')]
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', ...reporters.map((each) => `--reporter=${each}`), `--outputFile.json=${results}`, ...args],
  { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
)

const { passed, failed, skipped } = readResults()
rmSync(folder, { recursive: true })
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped + missing.length} skipped\n`)
// In CI a server that is missing is a failure of the set-up, not a reason to test less.
const incomplete = process.env.CI !== undefined && missing.length > 0
process.exit(status !== 0 || failed > 0 || passed === 0 || incomplete ? 1 : 0)

function readResults(): { passed: number; failed: number; skipped: number } {
  try {
    // The form of vitest's JSON report.
    const report = JSON.parse(readFileSync(results, 'utf8')) as Record<
      'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests' | 'numFailedTestSuites',
      number
    >
    const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } = report
    // A file that could not even be loaded has no tests that could fail.
    const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites
    return { passed, failed, skipped: numPendingTests + numTodoTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
