// What became of each reading that was acknowledged: whether it was in the log by then, in its order, and whether the
// store has it, once. Row by row; what devices know is held against what the log and the store have.
import type { Backbone } from '@ronda/backbone/backbone'
import { decodeRecord } from '@ronda/backbone/record-codec'
import { maxAheadMs } from '@ronda/faults/honest-time'
import { parseTopic } from '@ronda/contracts/topics'
import { type StoredReading, compare } from '../soak/comparison.ts'
import { textOfReading } from '../soak/verdict.ts'
import { type Promised, breachOf } from './promises.ts'
import { type Receipts, numbered } from './receipts.ts'

/** One time that the log has a reading. */
export interface Arrival {
  seq: number
  /** Stamped, ms UTC. */
  receivedAt: number
  /** The time at which the store is to have it, ms UTC. */
  time: number
}

/** By device, in the order of the log; what was sent more than once may be there as often. */
export type Arrivals = ReadonlyMap<string, readonly Arrival[]>

const batch = { records: 5_000, bytes: 8e6 }

export async function readArrivals(backbone: Backbone): Promise<Arrivals> {
  const arrivals = new Map<string, Arrival[]>()
  const stream = backbone.stream('log')
  for (let after = 0; ; ) {
    const entries = await stream.read(after, batch)
    const last = entries.at(-1)
    if (last === undefined) return arrivals
    for (const { record } of entries) {
      const { type, topic, payload, receivedAt } = decodeRecord(record)
      const deviceId = type === 'telemetry' ? parseTopic(topic)?.deviceId : undefined
      if (deviceId === undefined) continue
      const ofDevice = arrivals.get(deviceId) ?? []
      arrivals.set(deviceId, ofDevice)
      for (const { seq, ts } of numbered(Buffer.from(payload).toString())) {
        ofDevice.push({ seq, receivedAt, time: ts > receivedAt + maxAheadMs ? receivedAt : ts })
      }
    }
    after = last.position
  }
}

export interface Delivered {
  receipts: Receipts
  arrivals: Arrivals
  stored: ReadonlyMap<string, readonly StoredReading[]>
  /** Stamped: what acknowledging may take. */
  lateMs: number
}

export function deliveryBreaches({ receipts, arrivals, stored, lateMs }: Delivered): Promised {
  const times = new Map([...arrivals].map(([device, all]) => [device, timesOf(all)]))
  const timeOf = (device: string, seq: number) => times.get(device)?.get(seq)
  const acknowledged = new Map([...receipts].map(([device, all]) => [device, new Set(all.map(({ seq }) => seq))]))
  const { missing, doubled, foreign } = compare({ acknowledged, timeOf }, stored)
  const untrue: string[] = []
  const early: string[] = []
  const late: string[] = []
  const unordered: string[] = []
  for (const [device, all] of receipts) {
    const came = arrivals.get(device) ?? []
    let place = 0
    for (const { seq, at } of all) {
      const text = textOfReading({ device, seq, time: timeOf(device, seq) })
      if (timeOf(device, seq) === undefined) {
        untrue.push(text)
        continue
      }
      // Each acknowledgement is of one time that it came, and they come in the same order.
      const found = came.findIndex((arrival, n) => n >= place && arrival.seq === seq)
      if (found === -1) unordered.push(text)
      else place = found + 1
      const ofReading = came.filter((arrival) => arrival.seq === seq)
      if (ofReading.every(({ receivedAt }) => at < receivedAt)) early.push(text)
      if (ofReading.every(({ receivedAt }) => at > receivedAt + lateMs)) late.push(text)
    }
  }
  return {
    lost: [
      ...breachOf('acknowledged readings are not in the log', untrue),
      ...breachOf('acknowledged readings are not in the store', missing.map(textOfReading)),
    ],
    doubled: [
      ...breachOf('readings are in the store more than once', doubled.map(textOfReading)),
      ...breachOf('rows of the store follow from nothing in the log', foreign.map(textOfReading)),
    ],
    unordered: [
      ...breachOf('readings were acknowledged before they were received', early),
      ...breachOf('readings are in the log in another order than they were acknowledged in', unordered),
    ],
    late: breachOf('readings were acknowledged too late', late),
  }
}

/** By the number of the reading, of the first time that it came. */
function timesOf(arrivals: readonly Arrival[]): Map<number, number> {
  return new Map(arrivals.toReversed().map(({ seq, time }) => [seq, time]))
}
