// The registry in memory, kept up with the bucket `devices`. A device is in the bucket before anyone learns
// its token, so what is not here yet is asked of the bucket.
import type { DeviceRow } from '@ronda/contracts/device'
import type { Backbone } from './backbone.ts'
import { detached } from './detached.ts'

export interface DeviceDirectory {
  /** As far as changes have arrived here, a few milliseconds at most. */
  get(id: string): DeviceRow | undefined
  /** Asks the bucket when the device is not known here, and knows it from then on. */
  find(id: string): Promise<DeviceRow | undefined>
  values(): Iterable<DeviceRow>
  readonly size: number
  /** Ends with the signal it was opened with; rejects when following the bucket failed. */
  readonly followed: Promise<void>
}

export interface DeviceDirectoryOptions {
  signal: AbortSignal
  /** Told of each change after it took effect here. */
  onChange?: (row: DeviceRow, before: DeviceRow | undefined) => void
}

export async function openDeviceDirectory(
  backbone: Backbone,
  { signal, onChange }: DeviceDirectoryOptions,
): Promise<DeviceDirectory> {
  const bucket = backbone.bucket('devices')
  const { rows, changes } = await bucket.watch(signal)
  const devices = new Map<string, DeviceRow>(rows.map(({ key, value }) => [key, detached(value)]))

  async function follow(): Promise<void> {
    for await (const batch of changes) {
      for (const { key, value } of batch) {
        const before = devices.get(key)
        // Devices are retired, never deleted.
        if (value === undefined) continue
        const row = detached(value)
        devices.set(key, row)
        onChange?.(row, before)
      }
    }
  }

  return {
    get: (id) => devices.get(id),
    async find(id) {
      const known = devices.get(id)
      if (known !== undefined) return known
      const row = await bucket.get(id)
      if (row !== undefined && !devices.has(id)) devices.set(id, detached(row.value))
      return row?.value
    },
    values: () => devices.values(),
    get size() {
      return devices.size
    },
    followed: follow(),
  }
}
