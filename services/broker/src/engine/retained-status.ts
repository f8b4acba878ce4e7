// Retained status messages live in Aedes' memory; after a restart they come back from the bucket.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Aedes } from 'aedes'

export async function restoreRetainedStatus(backbone: Backbone, aedes: Aedes): Promise<number> {
  const rows = await backbone.bucket('status').list()
  for (const { value } of rows) {
    await new Promise<void>((resolve, reject) => {
      const payload = JSON.stringify({ online: value.online })
      aedes.publish({ cmd: 'publish', topic: value.topic, payload, qos: 1, retain: true, dup: false }, (error) =>
        error === undefined || error === null ? resolve() : reject(error),
      )
    })
  }
  return rows.length
}
