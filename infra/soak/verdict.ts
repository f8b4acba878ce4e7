// What of the promises does not hold after a soak: the clients' view, the ledger's and the store's side by side.
import type { Ledger } from '@ronda/contracts/ledger'
import type { Comparison, Reading } from './comparison.ts'
import type { FaultVerdict } from './failing-cameras.ts'
import { samples } from './samples.ts'

export interface Evidence {
  published: number
  acknowledged: number
  /** Whether it came back from the last disturbance. */
  recovered: boolean
  /** Undefined when messages were still pending after all patience. */
  ledger: Ledger | undefined
  comparison: Comparison
  faults: FaultVerdict
}

/** In words; empty when all that was promised holds. */
export function breachesOf({ published, acknowledged, recovered, ledger, comparison, faults }: Evidence): string[] {
  const { stored, missing, doubled, foreign } = comparison
  const breaches: string[] = []
  if (!recovered) breaches.push('it did not recover from the last round')
  if (acknowledged < published) breaches.push(`${published - acknowledged} readings were never acknowledged`)
  if (missing.length > 0)
    breaches.push(`${missing.length} acknowledged readings are missing: ${samples(missing.map(textOfReading))}`)
  if (doubled.length > 0)
    breaches.push(`${doubled.length} readings are there more than once: ${samples(doubled.map(textOfReading))}`)
  if (foreign.length > 0)
    breaches.push(`${foreign.length} rows were never published: ${samples(foreign.map(textOfReading))}`)
  if (faults.lost.length > 0) breaches.push(`${faults.lost.length} faults are lost: ${samples(faults.lost)}`)
  if (faults.doubled.length > 0) {
    breaches.push(`${faults.doubled.length} faults were raised more than once: ${samples(faults.doubled)}`)
  }
  if (ledger === undefined) return [...breaches, 'the ledger did not come to rest: messages are still pending']
  const { accepted, balanced, deadLettered, readings } = ledger
  if (!balanced) breaches.push(`the ledger does not balance: ${JSON.stringify(ledger)}`)
  if (accepted < acknowledged) {
    breaches.push(`the ledger has accepted ${accepted} messages, ${acknowledged} were acknowledged`)
  }
  if (deadLettered > 0) breaches.push(`${deadLettered} messages were dead-lettered`)
  // Where the store does not tell what collapsed, `stored` counts what it was given.
  if (readings.collapsed !== null && readings.stored !== stored) {
    breaches.push(`the ledger says ${readings.stored} readings are stored, there are ${stored}`)
  }
  return breaches
}

export function textOfReading({ device, seq, time }: Reading): string {
  return time === undefined ? `${device} ${seq}` : `${device} ${seq} of ${new Date(time).toISOString()}`
}
