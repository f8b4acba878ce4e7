// The open faults in memory, as JSON: what snapshots are made of. The feed keeps it up with the stream.
import type { Row } from '@ronda/backbone/backbone'
import { type FaultFilter, type FaultRow, matchesFilter } from '@ronda/contracts/fault'
import type { OpenFault as Attributes } from '@ronda/faults/alarm-metrics'
import { type DecodedEvent, attributesOf } from './fault-event.ts'

interface OpenFault {
  revision: number
  attributes: Attributes
  faultJson: string
}

export interface OpenFaults {
  /** A row of the bucket. */
  load(row: Row<FaultRow>): void
  /** An event that is news; what the loaded rows know already changes nothing. */
  apply(event: DecodedEvent): void
  /** JSON of each fault that matches. */
  select(filter: FaultFilter): string[]
  values(): Iterable<Attributes>
  readonly size: number
}

export function createOpenFaults(): OpenFaults {
  const faults = new Map<string, OpenFault>()
  return {
    load({ value: { fault } }) {
      faults.set(fault.id, {
        revision: fault.revision,
        attributes: attributesOf(fault),
        faultJson: JSON.stringify(fault),
      })
    },
    apply({ faultId, revision, closed, attributes, faultJson }) {
      if (closed) faults.delete(faultId)
      else if (revision > (faults.get(faultId)?.revision ?? 0)) faults.set(faultId, { revision, attributes, faultJson })
    },
    select(filter) {
      const selected: string[] = []
      for (const { attributes, faultJson } of faults.values())
        if (matchesFilter(filter, attributes)) selected.push(faultJson)
      return selected
    },
    *values() {
      for (const { attributes } of faults.values()) yield attributes
    },
    get size() {
      return faults.size
    },
  }
}
