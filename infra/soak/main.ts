// `npm run soak -- SCENARIO`: exits with 1 when a promise did not hold.
import { optionsOrExit } from '@ronda/runtime/command-line'
import { exitCodeOf, tellFailure } from '@ronda/runtime/lifecycle'
import { rowOf } from '@ronda/runtime/table'
import { help, parseOptions } from './options.ts'
import { type SoakResult, soak } from './soak.ts'

const { name, json, ...options } = optionsOrExit(parseOptions, () => help)
const say = (line: string) => void process.stderr.write(`${line}\n`)
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort())

const { rounds, store, seed, clients, messagesPerSecond } = options
say(`${name}: ${rounds} rounds, store ${store}, ${clients} clients, ${messagesPerSecond} msg/s, seed ${seed}`)
try {
  const result = await soak({ ...options, say, signal: abort.signal })
  for (const breach of result.breaches) say(`BROKEN: ${breach}`)
  const { scenario: _, ...asked } = options
  process.stdout.write(json ? `${JSON.stringify({ scenario: name, ...asked, ...result })}\n` : tableOf(result))
  process.exit(result.breaches.length > 0 ? 1 : 0)
} catch (error) {
  tellFailure(error)
  process.exit(exitCodeOf(error))
}

function tableOf({ recovery, seconds, ...counts }: SoakResult): string {
  const columns: [string, string][] = [
    ...(
      ['rounds', 'published', 'acknowledged', 'resent', 'stored', 'missing', 'doubled', 'foreign', 'faults'] as const
    ).map((column): [string, string] => [column, counts[column].toLocaleString('en')]),
    ['lost', counts.lostFaults.toLocaleString('en')],
    ['doubled', counts.doubledFaults.toLocaleString('en')],
    ['recovery p50', `${(recovery.p50Ms / 1_000).toFixed(2)} s`],
    ['max', `${(recovery.maxMs / 1_000).toFixed(2)} s`],
    ['of rounds', String(recovery.rounds)],
    ['took', `${Math.round(seconds)} s`],
  ]
  return rowOf(columns)
}
