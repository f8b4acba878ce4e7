// Devices that gateways speak for and nobody has registered, kept for somebody to approve or dismiss. The historian
// tells of each message that it dead-letters for it; the row changes in the commit of the dead letters, so that a
// message is counted with its letter. Bounded: what gateways make up is no reason to grow without end.
import type { Backbone, Write } from '@ronda/backbone/backbone'
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { PendingDevice } from '@ronda/contracts/pending-device'
import type { LogRecord } from '@ronda/contracts/record'
import { type DeviceKind, parseTopic } from '@ronda/contracts/topics'
import type { Logger } from '@ronda/runtime/log'

/** Beyond so many rows new ids are not kept; their messages still are, as dead letters. */
export const mostPending = 10_000

/** Of a device, as records of the log name it. */
const devicePrefix = 'device:'

/** A message of a device that is not registered. */
export interface Sighting {
  id: string
  kind: DeviceKind
  /** Id of the gateway that published it. */
  gateway: string
  /** ms UTC of stamped time. */
  at: number
}

export interface PendingDevices {
  /** Of a message refused as `unknown_device`: undefined unless a gateway published it on a topic of this city. */
  sightingOf(record: LogRecord): Sighting | undefined
  /** One for each device, however often it was seen. */
  writesOf(sightings: readonly Sighting[]): Promise<Write[]>
  /** After they were committed: takes away again what was registered meanwhile. */
  settle(sightings: readonly Sighting[]): Promise<void>
  /** Ends with the signal it was opened with; rejects when following the bucket failed. */
  readonly followed: Promise<void>
}

export interface PendingDevicesDeps {
  backbone: Backbone
  devices: Pick<DeviceDirectory, 'get' | 'find'>
  city: string
  signal: AbortSignal
  log: Logger
}

export async function openPendingDevices(deps: PendingDevicesDeps): Promise<PendingDevices> {
  const { backbone, devices, city, signal, log } = deps
  const bucket = backbone.bucket('pending-devices')
  const { rows, changes } = await bucket.watch(signal)
  /** Only to know how many there are: what is in a row, the bucket is asked. */
  const ids = new Set(rows.map(({ key }) => key))
  let isFull = false

  async function follow(): Promise<void> {
    for await (const batch of changes) {
      for (const { key, value } of batch) {
        if (value === undefined) ids.delete(key)
        else ids.add(key)
      }
    }
  }

  function hasRoom(): boolean {
    const wasFull = isFull
    isFull = ids.size >= mostPending
    if (isFull && !wasFull) log.warn({ pending: ids.size }, 'no more pending devices are kept: approve or dismiss some')
    return !isFull
  }

  return {
    sightingOf({ principal, topic, receivedAt }) {
      const parsed = parseTopic(topic)
      if (parsed?.city !== city || !principal.startsWith(devicePrefix)) return undefined
      const gateway = principal.slice(devicePrefix.length)
      if (devices.get(gateway)?.device.kind !== 'gateway') return undefined
      return { id: parsed.deviceId, kind: parsed.kind, gateway, at: receivedAt }
    },

    async writesOf(sightings) {
      const seen = new Map<string, PendingDevice>()
      for (const { id, kind, gateway, at } of sightings) {
        if (!ids.has(id) && !hasRoom()) continue
        ids.add(id)
        const before = seen.get(id) ?? (await bucket.get(id))?.value
        seen.set(id, {
          id,
          kind,
          gateway,
          firstSeenAt: before?.firstSeenAt ?? at,
          lastSeenAt: at,
          messages: (before?.messages ?? 0) + 1,
        })
      }
      return Array.from(seen, ([key, value]) => ({ bucket: 'pending-devices', key, value }) as const)
    },

    async settle(sightings) {
      const writes: Write[] = []
      for (const key of new Set(sightings.map(({ id }) => id))) {
        if ((await devices.find(key)) !== undefined) writes.push({ bucket: 'pending-devices', key, value: undefined })
      }
      if (writes.length > 0) await backbone.commit({ writes })
    },

    followed: follow(),
  }
}
