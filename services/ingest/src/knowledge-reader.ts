// What the detector knows of one device after the other: their rows one by one, and that of a source, which thousands
// have in common, once.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Device } from '@ronda/contracts/device'
import { type DeviceKnowledge, readDeviceKnowledge } from '@ronda/faults/device-knowledge'
import { sourceRows } from '@ronda/faults/sources'

/** For one look over many devices, as they are at the moment. */
export function createKnowledgeReader(backbone: Backbone): (device: Device) => Promise<DeviceKnowledge> {
  const rows = backbone.bucket('detector-state')
  const sources = new Map<string, Promise<unknown>>()

  async function read(key: string): Promise<unknown> {
    if (!key.startsWith(sourceRows)) return (await rows.get(key))?.value
    const known = sources.get(key) ?? rows.get(key).then((row) => row?.value)
    sources.set(key, known)
    return known
  }

  return (device) => readDeviceKnowledge(read, device)
}
