// The answer of GET /api/v1/device-places, put together once for each state of the registry, however many pages ask.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Backbone } from '@ronda/backbone/backbone'
import type { Device } from '@ronda/contracts/device'
import type { DevicePlaces } from '@ronda/contracts/device-places'
import { deviceKinds } from '@ronda/contracts/device-kinds'
import { scan } from './api/pages.ts'

const gzipped = promisify(gzip)
const degreesE5 = 100_000

export interface PlacesAnswer {
  readonly etag: string
  /** JSON of DevicePlaces. */
  readonly json: Buffer
  readonly gzip: Buffer
}

/** How to have the newest; callers of the same moment share one reading of the registry. */
export function createDevicePlaces(backbone: Backbone): () => Promise<PlacesAnswer> {
  const registry = backbone.stream('registry')
  const devices = backbone.bucket('devices')
  let kept: { revision: string; answer: Promise<PlacesAnswer> } | undefined

  async function make(revision: string): Promise<PlacesAnswer> {
    const known: Device[] = []
    for await (const { value } of scan(devices)) if (value.device.retiredAt === undefined) known.push(value.device)
    const json = Buffer.from(JSON.stringify(toColumns(revision, known)))
    return { etag: `"${revision}"`, json, gzip: await gzipped(json) }
  }

  return async () => {
    // Asked before the devices are read: what stands under a revision is never older than it.
    const { epoch, position } = await registry.head()
    const revision = `${epoch}-${position}`
    if (kept?.revision !== revision) {
      const answer = make(revision)
      kept = { revision, answer }
      // Whoever waits for it is told; who asks next has another try.
      answer.catch(() => {
        if (kept?.answer === answer) kept = undefined
      })
    }
    return kept.answer
  }
}

function toColumns(revision: string, devices: readonly Device[]): DevicePlaces {
  const districts = [...new Set(devices.map(({ district }) => district))].toSorted()
  const numberOf = new Map(devices.map(({ id }, index) => [id, index]))
  return {
    revision,
    kinds: [...deviceKinds],
    districts,
    id: devices.map(({ id }) => id),
    name: devices.map(({ name }) => name),
    kind: devices.map(({ kind }) => deviceKinds.indexOf(kind)),
    district: devices.map(({ district }) => districts.indexOf(district)),
    cabinet: devices.map(({ cabinet }) => (cabinet === undefined ? -1 : (numberOf.get(cabinet) ?? -1))),
    latitudeE5: devices.map(({ latitude }) => Math.round(latitude * degreesE5)),
    longitudeE5: devices.map(({ longitude }) => Math.round(longitude * degreesE5)),
  }
}
