// The broker alone: QoS 1, acknowledged messages a second, Ronda's against plain Aedes in the same run. The
// broker has one core, the load the other.
import { cpus } from 'node:os'
import type { LoadResult } from '../load/publisher.ts'
import { runLoad } from '../load/run-load.ts'
import { firstMessage, start } from '../process.ts'
import { type Target, anonymous, startRonda } from '../servers/ronda.ts'
import type { Suite } from './suite.ts'

const shapes = [
  { name: '200 connections × 20 in flight', connections: 200, inFlight: 20 },
  { name: '5,000 connections × 1 in flight', connections: 5_000, inFlight: 1 },
]
const target = 0.85
const [brokerCore, loadCore] = cpus().length > 1 ? [0, 1] : [undefined, undefined]

export const brokerSuite: Suite = async ({ report, quick }) => {
  const rounds = quick ? 1 : 3
  const times = quick ? { warmUpMs: 2_000, measureMs: 4_000 } : { warmUpMs: 3_000, measureMs: 8_000 }
  const pinned = brokerCore === undefined ? {} : { brokerCore }
  for (const { name, connections, inFlight } of shapes) {
    const plain: LoadResult[] = []
    const ronda: LoadResult[] = []
    // Turn by turn, so that what else the machine does falls on both.
    for (let round = 0; round < rounds; round++) {
      plain.push(await onPlainAedes((target) => runLoad({ ...target, inFlight, ...times }, loadCore), connections))
      const running = await startRonda({ devices: connections, ingest: false, ...pinned })
      ronda.push(await runLoad({ ...running.target, inFlight, ...times }, loadCore))
      await running.stop()
    }
    const rate = median(ronda.map(({ acknowledged, seconds }) => acknowledged / seconds))
    const baseline = median(plain.map(({ acknowledged, seconds }) => acknowledged / seconds))
    report.add({ suite: 'broker', figure: `rate, ${name}`, value: rate, unit: 'msg/s', baseline, target })
    for (const q of ['p50', 'p95', 'p99'] as const) {
      const of = (results: LoadResult[]) => median(results.map(({ latency }) => latency[q]))
      report.add({ suite: 'broker', figure: `PUBACK ${q}, ${name}`, value: of(ronda), unit: 'ms', baseline: of(plain) })
    }
  }
}

async function onPlainAedes(
  measure: (target: Target) => Promise<LoadResult>,
  connections: number,
): Promise<LoadResult> {
  const server = start(
    'simulators/bench/src/servers/plain-aedes.ts',
    brokerCore === undefined ? {} : { core: brokerCore },
  )
  // plain-aedes.ts sends the address it listens on.
  const { port } = (await firstMessage(server.child)) as { port: number }
  try {
    return await measure({ port, credentials: anonymous(connections) })
  } finally {
    await server.stop()
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
