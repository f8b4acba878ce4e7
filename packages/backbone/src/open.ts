// The backbone as every service opens it, by its environment. The embedded driver is the only one there is so far.
import type { Environment } from '@ronda/contracts/environment'
import type { Backbone } from './backbone.ts'
import { openEmbeddedBackbone } from './embedded/embedded.ts'

export interface BackboneOptions {
  /** The data directory. */
  dir: string
  env: Pick<Environment, 'RONDA_DISK_RESERVE_MB' | 'RONDA_LOG_MAX_MB'>
  /** ms UTC of stamped time. */
  now: () => number
}

export function openBackbone({ dir, env, now }: BackboneOptions): Backbone {
  return openEmbeddedBackbone({
    dir,
    reserveBytes: env.RONDA_DISK_RESERVE_MB * 1e6,
    maxLogBytes: env.RONDA_LOG_MAX_MB * 1e6,
    now,
  })
}
