// Randomness that can be repeated: hashes of (key, number) for physics, which must give the same value whenever
// it is asked, and a generator for plans and the fault process, which draw in a fixed order.

const uint32 = 0x1_0000_0000

/** Spreads the bits of a 32-bit number over all of them (MurmurHash3's finaliser). */
function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A 32-bit key of a text under a seed (FNV-1a). */
export function keyOf(seed: number, text: string): number {
  let hash = mix(seed ^ Math.trunc(seed / uint32)) ^ 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return mix(hash)
}

/** A key of its own for one use of a key, so that two quantities of a device do not move together. */
export function subkey(key: number, use: number): number {
  return mix(key + Math.imul(use + 1, 0x9e3779b9))
}

/** 0 ≤ x < 1, always the same for a key and an integer such as a time in ms. */
export function uniform(key: number, n = 0): number {
  return mix(mix(key ^ (n >>> 0)) + Math.floor(n / uint32)) / uint32
}

/** −1..1 around 0, independent from one ms to the next: the noise of a measurement. */
export function jitter(key: number, t: number): number {
  return uniform(key, t) + uniform(key ^ 0x5bd1e995, t) - 1
}

/** −1..1, wandering smoothly, with a new direction every period: weather, load, a crowd. */
export function drift(key: number, t: number, periodMs: number): number {
  const at = t / periodMs
  const n = Math.floor(at)
  const part = at - n
  const eased = part * part * (3 - 2 * part)
  const from = uniform(key, n)
  return 2 * (from + (uniform(key, n + 1) - from) * eased) - 1
}

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number
  between(low: number, high: number): number
  /** A whole number, both ends included. */
  integer(low: number, high: number): number
  /** Throws on an empty list. */
  pick<T>(values: readonly T[]): T
  /** So many different ones, or all where there are fewer. */
  sample<T>(values: readonly T[], count: number): T[]
  /** The index of a weight, drawn in proportion; −1 when all are 0. */
  weighted(weights: readonly number[]): number
  /** Exponentially distributed with this mean: the waiting time of what happens at random. */
  exponential(mean: number): number
}

export function createRandom(seed: number, use: string): Random {
  const key = keyOf(seed, use)
  let drawn = 0
  const next = () => uniform(key, drawn++)
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    integer,
    pick(values) {
      const value = values[integer(0, values.length - 1)]
      if (value === undefined) throw new Error('nothing to pick from')
      return value
    },
    sample(values, count) {
      const rest = [...values]
      return Array.from({ length: Math.min(count, rest.length) }, () =>
        rest.splice(integer(0, rest.length - 1), 1),
      ).flat()
    },
    weighted(weights) {
      let rest = next() * weights.reduce((sum, weight) => sum + weight, 0)
      const drawnIndex = weights.findIndex((weight) => weight > 0 && (rest -= weight) < 0)
      // Rounding may leave a rest of 0 at the end: it belongs to the last that has a weight.
      return drawnIndex >= 0 ? drawnIndex : weights.findLastIndex((weight) => weight > 0)
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
  }
}
