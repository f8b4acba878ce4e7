// What others may read in the engine's rows: how well a device is known at the moment, and whether a reading of it was
// a live one. For those who are asked for a device's state; the engine itself does not need it.
import { type DeviceRow, deviceRows } from './device-row.ts'
import { freshIntervals } from './honest-time.ts'
import { type SourceRow, sourceRows } from './sources.ts'

/** Times ms UTC. */
export interface ReadingTimes {
  /** By the device's clock, as far as that is believed. */
  measuredAt: number
  /** By the device's clock. */
  sentAt?: number | undefined
  receivedAt: number
}

export interface DeviceKnowledge {
  /** ms UTC of the log when it was heard last; 0: never. */
  readonly seenAt: number
  /** Since when nobody hears the device because nobody listens, or has until a moment ago; undefined: it is heard. */
  unknownSince(logTime: number): number | undefined
  /** Whether a reading had waited for so long that it does not tell how the device is. */
  isBacklog(reading: ReadingTimes): boolean
}

/** `read`: the value of a row that `takeEffects` gave, by its key. */
export async function readDeviceKnowledge(
  read: (key: string) => Promise<unknown>,
  device: { id: string; intervalS: number },
): Promise<DeviceKnowledge> {
  // Rows of these keys are what the engine gave.
  const row = (await read(deviceRows + device.id)) as DeviceRow | undefined
  const [seenAt = 0, sourceName = '', , , , , more] = row ?? []
  const source = sourceName === '' ? undefined : ((await read(sourceRows + sourceName)) as SourceRow | undefined)
  const freshMs = freshIntervals * device.intervalS * 1_000
  const skewMs = more?.clock?.skewMs ?? 0
  return {
    seenAt,
    unknownSince(logTime) {
      if (source === undefined) return undefined
      const { blindSince, returnedAt, lastBlindSince = 0 } = source
      if (blindSince !== 0) return Math.max(blindSince, seenAt)
      // Once somebody listens again, the device gets as long as any other to be heard, and is known to be lost then.
      const hasItsChance = seenAt < returnedAt && logTime <= returnedAt + freshMs
      return hasItsChance ? Math.max(lastBlindSince, seenAt) : undefined
    },
    isBacklog: ({ measuredAt, sentAt, receivedAt }) => (sentAt ?? receivedAt - skewMs) - measuredAt > freshMs,
  }
}
