// `npm run simulate -- scenario NAME`: exits with 1 when not all was found as it should be.
import { writeFileSync } from 'node:fs'
import type { Scenario } from '@ronda/city/scenario/scenario'
import { optionsOrExit } from '@ronda/runtime/command-line'
import { exitCodeOf, tellFailure } from '@ronda/runtime/lifecycle'
import { junitOf } from './junit.ts'
import { createLiveView } from './live-view.ts'
import { help, parseOptions } from './options.ts'
import { type Progress, textOfProgress } from './progress.ts'
import { tableOf, tableOfRuns } from './report.ts'
import { type RunResult, runScenario } from './run-scenario.ts'

const { scenarios, seed, json, junit } = optionsOrExit(parseOptions, help)
const view = createLiveView(process.stderr)
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())

const runs: { name: string; result: RunResult | undefined }[] = []
let exitCode = 0
for (const { name, scenario } of scenarios) {
  if (abort.signal.aborted) break
  runs.push({ name, result: await run(name, scenario) })
}
if (junit !== undefined) writeFileSync(junit, junitOf(runs))
if (scenarios.length > 1 && !json) process.stdout.write(tableOfRuns(runs))
process.exit(exitCode)

/** Undefined when it did not come to a verdict. */
async function run(name: string, scenario: Scenario): Promise<RunResult | undefined> {
  view.say(`${name}: ${scenario.city.devices} devices, ${scenario.speed} times as fast, seed ${seed}`)
  try {
    const { show } = view
    const onProgress = show && ((progress: Progress) => show(`${name}  ${textOfProgress(progress)}`))
    const result = await runScenario({ scenario, seed, say: view.say, onProgress, signal: abort.signal })
    view.clear()
    for (const breach of result.breaches) view.say(`BROKEN: ${breach}`)
    if (result.behind !== undefined) for (const each of result.untimely) view.say(`perhaps because of that: ${each}`)
    if (result.breaches.length > 0) exitCode = 1
    if (json) process.stdout.write(lineOf(name, scenario, result))
    else if (scenarios.length === 1) process.stdout.write(tableOf(result))
    return result
  } catch (error) {
    view.clear()
    tellFailure(error)
    exitCode = exitCodeOf(error)
    return undefined
  }
}

function lineOf(scenario: string, { speed }: Scenario, { grade, ...rest }: RunResult): string {
  const { total, byCode } = grade
  return `${JSON.stringify({ scenario, seed, speed, ...rest, total, byCode: Object.fromEntries(byCode) })}\n`
}
