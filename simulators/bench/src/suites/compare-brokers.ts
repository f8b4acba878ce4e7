// Shapes of load on Ronda's broker, beside plain Aedes and Mosquitto in memory. The broker has one core, the load the
// other; turn by turn, so that what else the machine does falls on all.
import { median } from '../load/quantiles.ts'
import { requireOpenFiles } from '../open-files.ts'
import { loadCore, serverCore } from '../process.ts'
import { type Contestant, contestants } from '../servers/contestants.ts'
import type { Measured, RoundOptions, Shape } from './shapes.ts'
import type { SuiteOptions } from './suite.ts'

/** Of a process beside its connections: modules, the store, pipes. */
const ownFiles = 200
/** Connections of which one round has to do. */
const many = 10_000

export async function compareBrokers(
  suite: string,
  shapes: readonly Shape[],
  { report, quick }: Pick<SuiteOptions, 'report' | 'quick'>,
): Promise<void> {
  const times = { loadCore, warmUpMs: quick ? 1_000 : 2_000, measureMs: 3_000 }
  const present = contestants.filter(({ isInstalled }) => isInstalled())
  requireOpenFiles(Math.max(...shapes.map(({ connections }) => connections)) + ownFiles)
  for (const shape of shapes) {
    const results = new Map<Contestant, Measured[][]>(present.map((contestant) => [contestant, []]))
    // It takes most of its time to register and connect so many.
    const rounds = quick || shape.connections >= many ? 1 : 3
    for (let round = 0; round < rounds; round++) {
      for (const [contestant, done] of results) done.push(await measure(contestant, shape, times))
    }
    const [baseline = [], ...others] = results.values()
    for (const [index, { name }] of present.slice(1).entries()) {
      const theirs = others[index] ?? []
      for (const [nth, { figure, unit, target }] of (theirs[0] ?? []).entries()) {
        const ours = baseline.map((each) => each[nth]?.value ?? Number.NaN)
        const values = theirs.map((each) => each[nth]?.value ?? Number.NaN)
        report.add({
          suite,
          figure: `${name}: ${figure}, ${shape.name}`,
          unit,
          value: median(values),
          baseline: median(ours),
          // Of neighbours in time: the machine is not as fast in one minute as in the next.
          ratio: median(values.map((value, round) => value / (ours[round] ?? Number.NaN))),
          ...(name === 'Ronda' && target !== undefined ? { target: target(median(ours)) } : {}),
        })
      }
    }
  }
}

async function measure(contestant: Contestant, shape: Shape, options: RoundOptions): Promise<Measured[]> {
  const { connections } = shape
  const server = await contestant.start({ connections, ...(serverCore === undefined ? {} : { core: serverCore }) })
  try {
    return await shape.measure(server, options)
  } finally {
    await server.stop()
  }
}
