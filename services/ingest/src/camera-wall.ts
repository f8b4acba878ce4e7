// How all cameras are, put together of the registry, of what the detector has heard and of what history counts. History
// is asked a few times, whatever the number of cameras.
import type { Backbone } from '@ronda/backbone/backbone'
import { type CameraState, type CameraWall, cameraHealthFields, cameraWallSpan } from '@ronda/contracts/camera-wall'
import { cameraEventFields } from '@ronda/contracts/camera-event'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import type { DeviceKnowledge } from '@ronda/faults/device-knowledge'
import type { HistoryRow, Store, ValueCount } from '@ronda/store/store'
import { createKnowledgeReader } from './knowledge-reader.ts'

const { bars, everyMs } = cameraWallSpan
const hourMs = 3_600_000

export interface CameraWallDeps {
  backbone: Backbone
  devices: { values(): Iterable<DeviceRow> }
  store: Pick<Store, 'newest' | 'histories' | 'counts'>
  /** ms UTC of stamped time. */
  now: () => number
}

export async function readCameraWall({ backbone, devices, store, now }: CameraWallDeps): Promise<CameraWall> {
  const at = now()
  const from = (Math.floor(at / everyMs) - bars + 1) * everyMs
  const time = { from, to: at + 1 }
  const events = { measurement: 'camera_event', from, to: at + 1 } as const
  const [newest, rates, rules, lastRules, lastClasses] = await Promise.all([
    store.newest({ measurement: 'camera', fields: cameraHealthFields, ...time }),
    store.histories({ measurement: 'camera', fields: ['bitrateKbps'], ...time, everyMs }),
    store.counts({ ...events, ...countOf('rule'), everyMs }),
    store.counts({ ...events, ...countOf('rule'), from: at - hourMs, everyMs: hourMs }),
    store.counts({ ...events, ...countOf('objectClass'), from: at - hourMs, everyMs: hourMs }),
  ])
  const eventsOf = groupByDevice(rules)
  const rulesOf = groupByDevice(lastRules)
  const classesOf = groupByDevice(lastClasses)
  const barOf = (ms: number) => Math.floor((ms - from) / everyMs)
  const knowledgeOf = createKnowledgeReader(backbone)

  function stateOf(device: Device, known: DeviceKnowledge): CameraState {
    const { id, name, district, enabled, intervalS } = device
    const unheardSince = known.unknownSince(at)
    const health = newest.get(id)
    return {
      id,
      name,
      district,
      enabled,
      intervalS,
      seenAt: known.seenAt === 0 ? null : known.seenAt,
      ...(unheardSince === undefined ? {} : { unheardSince }),
      ...(health === undefined ? {} : { health: healthOf(health) }),
      bitrateKbps: meansOf(rates.get(id) ?? [], barOf),
      events: sumsOf(eventsOf.get(id) ?? [], barOf),
      // What is counted are values of these declarations.
      lastHour: { rules: totalsOf(rulesOf.get(id) ?? []), classes: totalsOf(classesOf.get(id) ?? []) },
    }
  }

  const cameras: CameraState[] = []
  for (const { device } of devices.values()) {
    if (device.kind !== 'camera' || device.retiredAt !== undefined) continue
    cameras.push(stateOf(device, await knowledgeOf(device)))
  }
  return { at, from, everyMs, cameras: cameras.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
}

function countOf(field: 'rule' | 'objectClass') {
  return { field, values: cameraEventFields[field].values }
}

function healthOf({ time, values }: HistoryRow): CameraState['health'] {
  // The store gives what was asked of it, in the types that the fields are declared with.
  return { time, ...(values as Omit<NonNullable<CameraState['health']>, 'time'>) }
}

function groupByDevice(counts: readonly ValueCount[]): Map<string, ValueCount[]> {
  return Map.groupBy(counts, ({ device }) => device)
}

function meansOf(rows: readonly HistoryRow[], barOf: (ms: number) => number): (number | null)[] {
  const means = Array.from<number | null>({ length: bars }).fill(null)
  for (const { time, values } of rows) {
    if (typeof values.bitrateKbps === 'number') means[barOf(time)] = Math.round(values.bitrateKbps)
  }
  return means
}

function sumsOf(counts: readonly ValueCount[], barOf: (ms: number) => number): number[] {
  const sums = Array.from<number>({ length: bars }).fill(0)
  for (const { time, count } of counts) sums[barOf(time)] = (sums[barOf(time)] ?? 0) + count
  return sums
}

/** Over the buckets, of which an hour that does not begin with one has two. */
function totalsOf(counts: readonly ValueCount[]): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { value, count } of counts) totals[value] = (totals[value] ?? 0) + count
  return totals
}
