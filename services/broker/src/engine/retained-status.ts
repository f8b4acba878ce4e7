// Retained status messages live in memory; after a restart they come back from the bucket, but for retired devices.
import type { Backbone } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { Retained } from './retained.ts'

/** Returns how many there are. */
export async function restoreRetainedStatus(
  backbone: Backbone,
  devices: Pick<DeviceDirectory, 'get'>,
  retained: Retained,
): Promise<number> {
  let restored = 0
  for (const { key: id, value } of await backbone.bucket('status').list()) {
    if (devices.get(id)?.device.retiredAt !== undefined) continue
    const payload = Buffer.from(JSON.stringify({ online: value.online }))
    retained.store({ cmd: 'publish', topic: value.topic, payload, qos: 1, retain: true, dup: false })
    restored++
  }
  return restored
}
