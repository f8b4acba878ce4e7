// `npm run simulate -- scenario NAME`: exits with 1 when not all was found as it should be.
import { exitCodeOf, failToStart, tellFailure } from '@ronda/runtime/lifecycle'
import { type Options, help, parseOptions } from './options.ts'
import { tableOf } from './report.ts'
import { runScenario } from './run-scenario.ts'

const { name, scenario, seed, json } = prepare()
const say = (line: string) => void process.stderr.write(`${line}\n`)
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())

say(`${name}: ${scenario.city.devices} devices, ${scenario.speed} times as fast, seed ${seed}`)
try {
  const result = await runScenario({ scenario, seed, say, signal: abort.signal })
  for (const breach of result.breaches) say(`BROKEN: ${breach}`)
  const { grade, ...rest } = result
  const { total, byCode } = grade
  process.stdout.write(
    json
      ? `${JSON.stringify({ scenario: name, seed, speed: scenario.speed, ...rest, total, byCode: Object.fromEntries(byCode) })}\n`
      : tableOf(result),
  )
  process.exit(result.breaches.length > 0 ? 1 : 0)
} catch (error) {
  tellFailure(error)
  process.exit(exitCodeOf(error))
}

function prepare(): Options {
  try {
    const parsed = parseOptions(process.argv.slice(2))
    if (parsed !== undefined) return parsed
    process.stdout.write(help())
    return process.exit(0)
  } catch (error) {
    return failToStart(error)
  }
}
