// A device's connections, put together of what it said about them (birth, goodbye) and what the broker said in its
// stead (will). Where nobody said how one ended, that is not known, and neither is how long it lasted.
import type { DeviceHistory } from '@ronda/contracts/history'

/** `broke`: its will says so. `left`: it said so itself. `unseen`: it came back without a word of the end. */
type ConnectionEnd = 'broke' | 'left' | 'unseen'

/** Times ms UTC, as received. */
export interface DeviceConnection {
  /** Absent: before all that is known. */
  readonly since?: number
  /** Absent while it lasts; where it ended `unseen`, when the next one began. */
  readonly until?: number
  readonly end?: ConnectionEnd
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** `rows`: of the channel `status`, in any order. Returns the newest first. */
export function connectionsOf(rows: DeviceHistory['rows']): DeviceConnection[] {
  const connections: Mutable<DeviceConnection>[] = []
  /** When the newest connection was made that has been spoken through. */
  let newestMadeAt = -Infinity
  for (const { time, values } of rows.toSorted((a, b) => a.time - b.time)) {
    const { online, will, connectedAt } = values
    const madeAt = typeof connectedAt === 'number' ? connectedAt : undefined
    // A connection that has been followed by another one has nothing more to say about the device.
    if (madeAt !== undefined && madeAt < newestMadeAt) continue
    const isAnother = madeAt !== undefined && madeAt > newestMadeAt
    newestMadeAt = madeAt ?? newestMadeAt
    const last = connections.at(-1)
    const running = last !== undefined && last.end === undefined ? last : undefined
    if (running !== undefined && isAnother) Object.assign(running, { until: time, end: 'unseen' })
    const goesOn = running !== undefined && !isAnother
    if (online === true) {
      if (!goesOn) connections.push({ since: time })
    } else {
      const ended = { until: time, end: will === true ? ('broke' as const) : ('left' as const) }
      if (goesOn) Object.assign(running, ended)
      // One that is over is over, however often that is said.
      else if (last === undefined || isAnother) connections.push(ended)
    }
  }
  return connections.toReversed()
}
