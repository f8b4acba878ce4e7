// The broker alone, QoS 1: Ronda's, which has each message on the disk first, beside plain Aedes and Mosquitto in
// memory. The broker has one core, the load the other; turn by turn, so that what else the machine does falls on
// all.
import { cpus } from 'node:os'
import type { LoadOrder, LoadResult } from '../load/publisher.ts'
import { runLoad } from '../load/run-load.ts'
import { type Contestant, contestants } from '../servers/contestants.ts'
import type { Suite } from './suite.ts'

const shapes = [
  { name: '200 connections × 20 in flight', connections: 200, inFlight: 20 },
  { name: '5,000 connections × 1 in flight', connections: 5_000, inFlight: 1 },
  { name: '10,000 connections, 1,000 msg/s', connections: 10_000, inFlight: 1, messagesPerSecond: 1_000 },
] satisfies ({ name: string; connections: number } & Pick<LoadOrder, 'inFlight' | 'messagesPerSecond'>)[]
type Shape = (typeof shapes)[number]
const ratioTarget = 0.85
const [brokerCore, loadCore] = cpus().length > 1 ? [0, 1] : [undefined, undefined]

interface Round extends LoadResult {
  rate: number
  /** Bytes of memory that a connection has cost, with its share of what was under way. */
  memoryPerConnection: number
}

export const brokerSuite: Suite = async ({ report, quick }) => {
  const rounds = quick ? 1 : 5
  const times = quick ? { warmUpMs: 2_000, measureMs: 3_000 } : { warmUpMs: 3_000, measureMs: 5_000 }
  const present = contestants.filter(({ isInstalled }) => isInstalled())
  for (const shape of shapes) {
    const results = new Map<Contestant, Round[]>(present.map((contestant) => [contestant, []]))
    for (let round = 0; round < rounds; round++) {
      for (const [contestant, done] of results) done.push(await measure(contestant, shape, times))
    }
    const [baseline = [], ...others] = results.values()
    for (const [index, { name }] of present.slice(1).entries()) {
      const theirs = others[index] ?? []
      const target = name === 'Ronda' ? { target: ratioTarget } : {}
      const compare = (figure: string, unit: string, of: (round: Round) => number) => ({
        suite: 'broker',
        figure: `${name}: ${figure}, ${shape.name}`,
        unit,
        value: median(theirs.map(of)),
        baseline: median(baseline.map(of)),
        // Of neighbours in time: the machine is not as fast in one minute as in the next.
        ratio: median(theirs.map((round, i) => of(round) / of(baseline[i] ?? round))),
      })
      if (!('messagesPerSecond' in shape)) report.add({ ...compare('rate', 'msg/s', ({ rate }) => rate), ...target })
      for (const q of ['p50', 'p95', 'p99'] as const) {
        report.add(compare(`PUBACK ${q}`, 'ms', ({ latency }) => latency[q]))
      }
      // At full speed memory is what the garbage collector has not come to yet.
      if ('messagesPerSecond' in shape) {
        report.add(compare('memory a connection', 'KB', ({ memoryPerConnection }) => memoryPerConnection / 1024))
      }
    }
  }
}

async function measure(
  contestant: Contestant,
  { connections, inFlight, ...pace }: Shape,
  times: Pick<LoadOrder, 'warmUpMs' | 'measureMs'>,
): Promise<Round> {
  const server = await contestant.start({ connections, ...(brokerCore === undefined ? {} : { core: brokerCore }) })
  try {
    const before = server.rss()
    let during = before
    const sample = setInterval(() => {
      during = Math.max(during, server.rss())
    }, 1_000)
    const result = await runLoad({ ...server.target, inFlight, ...pace, ...times }, loadCore)
    clearInterval(sample)
    const rate = result.acknowledged / result.seconds
    return { ...result, rate, memoryPerConnection: (during - before) / connections }
  } finally {
    await server.stop()
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
