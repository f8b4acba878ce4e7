import { useEachSecond, useRoom } from '../context.tsx'

/** ms UTC of the city, to a tenth of an interval: nothing is drawn anew for less. */
export function useNow(intervalS: number): number {
  const { clock } = useRoom()
  const stepMs = Math.max(1_000, intervalS * 100)
  return Number(useEachSecond(() => String(Math.floor(clock.now() / stepMs) * stepMs)))
}
