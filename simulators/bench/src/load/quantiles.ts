// How samples are told, in their own unit.
export interface Quantiles {
  p50: number
  p95: number
  p99: number
}

/** NaN of no samples. */
export function quantilesOf(samples: readonly number[]): Quantiles {
  const sorted = Float64Array.from(samples).toSorted()
  const at = (q: number) => sorted[Math.floor(sorted.length * q)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** NaN of no values. */
export function median(values: readonly number[]): number {
  return quantilesOf(values).p50
}
