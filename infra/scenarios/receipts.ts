// What the broker has promised to the devices: each reading that it has acknowledged, in the order in which it did. Kept
// while devices live; of a large city only counted, because nobody would look its readings up one by one.
import type { Message } from '@ronda/city/outbox'

interface Receipt {
  /** The device's own number of the reading. */
  seq: number
  /** When it was acknowledged; stamped, ms UTC. */
  at: number
}

/** By device. */
export type Receipts = ReadonlyMap<string, readonly Receipt[]>

/** So many are kept. */
const mostReceipts = 500_000

export interface ReceiptBook {
  note(deviceId: string, message: Message): void
  /** Undefined where there were too many. */
  readonly receipts: Receipts | undefined
}

export function createReceiptBook(now: () => number): ReceiptBook {
  const receipts = new Map<string, Receipt[]>()
  let count = 0
  return {
    note(deviceId, { payload, readings }) {
      count += readings
      if (count > mostReceipts) {
        receipts.clear()
        return
      }
      const at = now()
      let ofDevice = receipts.get(deviceId)
      if (ofDevice === undefined) receipts.set(deviceId, (ofDevice = []))
      for (const { seq } of numbered(payload)) ofDevice.push({ seq, at })
    },
    get receipts() {
      return count > mostReceipts ? undefined : receipts
    },
  }
}

export interface Numbered {
  seq: number
  /** ms UTC by the device's clock. */
  ts: number
}

/** The readings of a payload of simulated devices, which number and time all of theirs. */
export function numbered(payload: string): Numbered[] {
  const parsed: unknown = JSON.parse(payload)
  return (Array.isArray(parsed) ? parsed : [parsed]) as Numbered[]
}
