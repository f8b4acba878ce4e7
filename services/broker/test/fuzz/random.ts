// Randomness that can be repeated: one generator for each stream of packets, from the run's seed and the stream's
// number, so that a stream is the same whatever runs beside it.

export interface Random {
  /** A whole number from 0 to n − 1. */
  below(n: number): number
  chance(probability: number): boolean
  pick<T>(values: readonly T[]): T
  bytes(count: number): Buffer
}

export function createRandom(seed: number, stream: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) >>> 0

  /** 0 ≤ x < 1 (mulberry32). */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let hash = Math.imul(state ^ (state >>> 15), state | 1)
    hash ^= hash + Math.imul(hash ^ (hash >>> 7), hash | 61)
    return ((hash ^ (hash >>> 14)) >>> 0) / 0x1_0000_0000
  }

  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (probability) => next() < probability,
    pick(values) {
      const value = values[below(values.length)]
      if (value === undefined) throw new Error('nothing to pick from')
      return value
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  }
}
