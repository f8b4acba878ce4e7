// What a device said last, asked for about as often as it says something.
import type { LatestReading } from '@ronda/contracts/history'
import { fetchLatest } from '../api/devices.ts'
import { useRoom } from '../context.tsx'
import { type Fetched, useFetched } from '../use-fetched.ts'

const leastMs = 2_000
const mostMs = 60_000

/** `intervalS`: undefined until the device is known. */
export function useLatest(id: string, intervalS: number | undefined): Fetched<LatestReading> {
  const { timeScale } = useRoom().city
  const realMs = ((intervalS ?? 60) * 1_000) / timeScale
  return useFetched(() => fetchLatest(id), { key: id, everyMs: Math.min(mostMs, Math.max(leastMs, realMs / 2)) })
}
