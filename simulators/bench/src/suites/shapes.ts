// The shapes of load that a broker is put under, and the figures that each of them gives.
import { runLoad } from '../load/run-load.ts'
import type { LoadOrder } from '../load/publisher.ts'
import type { Quantiles } from '../load/quantiles.ts'
import type { Phase } from '../load/storm.ts'
import type { Target as Bound } from '../report.ts'
import type { Running } from '../servers/contestants.ts'
import { usageOf } from '../usage.ts'

export interface Shape {
  name: string
  connections: number
  /** One round with one broker; every round gives the same figures in the same order. */
  measure(server: Running, options: RoundOptions): Promise<Measured[]>
}

export type RoundOptions = Pick<LoadOrder, 'warmUpMs' | 'measureMs'> & {
  /** The core that the load runs on. */
  loadCore: number | undefined
}

export interface Measured {
  figure: string
  unit: string
  value: number
  /** What Ronda has to reach, given the baseline's figure. */
  target?: (baseline: number) => Bound
}

const sampleEveryMs = 250
/** Who has not been answered by then has failed. */
const stormTimeoutMs = 30_000
const atLeastOfBaseline = 0.85
/** What authentication and the way to the disk may cost. */
const memoryAboveBaselineKb = 6
const reconnectedWithinS = 10

const megabyte = 1_024 ** 2

/** Messages one after the other on each connection: as many as are acknowledged, or at a fixed rate over all. */
function publishing({
  connections,
  ...order
}: { connections: number } & Pick<LoadOrder, 'inFlight' | 'messagesPerSecond'>): Omit<Shape, 'name'> {
  return {
    connections,
    async measure({ target, pid }, { loadCore, ...times }) {
      const { result, peakBytes, grownBytes } = await watchMemory(pid, () =>
        runLoad('publisher', { ...target, pid, ...order, ...times }, loadCore),
      )
      const { acknowledged, seconds, cpuMs, latency } = result
      const isPaced = order.messagesPerSecond !== undefined
      return [
        ...(isPaced ? [] : [rate(acknowledged / seconds)]),
        ...quantiles('PUBACK', latency),
        { figure: 'CPU time a message', unit: 'µs', value: (cpuMs * 1_000) / acknowledged },
        { figure: 'memory', unit: 'MB', value: peakBytes / megabyte },
        // At full speed memory is what the garbage collector has not come to yet.
        ...(isPaced ? [memoryOfOne(grownBytes / connections / 1_024)] : []),
      ]
    },
  }
}

export const publishingShapes: readonly Shape[] = [
  { name: '200 connections × 20 in flight', ...publishing({ connections: 200, inFlight: 20 }) },
  { name: '5,000 connections × 1 in flight', ...publishing({ connections: 5_000, inFlight: 1 }) },
  {
    name: '10,000 connections, 1,000 msg/s',
    ...publishing({ connections: 10_000, inFlight: 1, messagesPerSecond: 1_000 }),
  },
]

/** All connect at once, then each publishes one message. */
export const stormShape: Shape = {
  name: '10,000 connect at once',
  connections: 10_000,
  async measure({ target, pid }, { loadCore }) {
    const { result, peakBytes } = await watchMemory(pid, () =>
      runLoad('storm', { ...target, pid, timeoutMs: stormTimeoutMs }, loadCore),
    )
    const { connected, acknowledged, cpuMs } = result
    return [
      ...phase('CONNACK', connected, reconnectedWithinS),
      ...phase('PUBACK', acknowledged),
      { figure: 'CPU time a connection', unit: 'µs', value: (cpuMs * 1_000) / target.credentials.length },
      { figure: 'memory', unit: 'MB', value: peakBytes / megabyte },
    ]
  },
}

function rate(perSecond: number): Measured {
  return {
    figure: 'rate',
    unit: 'msg/s',
    value: perSecond,
    target: () => ({ of: 'ratio', atLeast: atLeastOfBaseline }),
  }
}

function memoryOfOne(kb: number): Measured {
  return {
    figure: 'memory a connection',
    unit: 'KB',
    value: kb,
    target: (baseline) => value({ atMost: baseline + memoryAboveBaselineKb }),
  }
}

function phase(answer: string, { lastMs, answerMs, failed }: Phase, withinS?: number): Measured[] {
  return [
    {
      figure: `last ${answer}`,
      unit: 's',
      value: lastMs / 1_000,
      ...(withinS === undefined ? {} : { target: () => value({ atMost: withinS }) }),
    },
    ...quantiles(answer, answerMs),
    { figure: `without ${answer}`, unit: 'connections', value: failed, target: () => value({ atMost: 0 }) },
  ]
}

function quantiles(answer: string, latency: Quantiles): Measured[] {
  return (['p50', 'p95', 'p99'] as const).map((q) => ({ figure: `${answer} ${q}`, unit: 'ms', value: latency[q] }))
}

function value(bound: { atLeast: number } | { atMost: number }): Bound {
  return { of: 'value', ...bound }
}

/** Runs a load and samples the memory of the broker meanwhile. */
async function watchMemory<T>(
  pid: number,
  run: () => Promise<T>,
): Promise<{ result: T; peakBytes: number; grownBytes: number }> {
  const before = usageOf(pid).rssBytes
  let peakBytes = before
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, usageOf(pid).rssBytes)
  }, sampleEveryMs)
  try {
    const result = await run()
    return { result, peakBytes, grownBytes: peakBytes - before }
  } finally {
    clearInterval(sampling)
  }
}
