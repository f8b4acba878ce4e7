import { subkey, uniform } from '../random.ts'
import type { Unit } from '../unit.ts'

const dayMs = 86_400_000
const use = { period: 80, phase: 81 } as const

/** ms UTC of the newest start: when power came back, and every 20 to 60 days for each device on its own. */
export function bootedAt({ key, poweredAt }: Unit, t: number): number {
  const periodMs = Math.round((20 + 40 * uniform(subkey(key, use.period))) * dayMs)
  const phaseMs = Math.round(uniform(subkey(key, use.phase)) * periodMs)
  return Math.max(poweredAt, t - ((t + phaseMs) % periodMs))
}

export function uptimeS(unit: Unit, t: number): number {
  return Math.floor((t - bootedAt(unit, t)) / 1_000)
}
