// The promise that a fault is shown in time whatever is disturbed: a camera loses its picture, and a control room waits.
import type { Stage } from './scenario.ts'
import { until } from './until.ts'

const withinMs = 5_000

/** Says how long it took; what does not hold, in words. Nothing when no camera is left that could fail. */
export async function breachOfFault(
  { cameras, say }: Pick<Stage, 'cameras' | 'say'>,
  signal: AbortSignal,
): Promise<string[]> {
  const camera = cameras.failNext()
  if (camera === undefined) return []
  const failedAt = performance.now()
  const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
  if (!(await until(() => cameras.isShown(camera), within))) {
    return [`the fault of ${camera} was not shown within ${withinMs} ms`]
  }
  say(`  a fault was shown ${Math.round(performance.now() - failedAt)} ms after its first report was due`)
  return []
}
