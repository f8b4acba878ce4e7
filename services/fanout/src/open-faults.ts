// The open faults in memory, as JSON: what snapshots are made of. The feed keeps it up with the stream.
import type { Row } from '@ronda/backbone/backbone'
import { type FaultFilter, type FaultRow, type FilterAttributes, matchesFilter } from '@ronda/contracts/fault'
import { type DecodedEvent, filterAttributes } from './fault-event.ts'

interface OpenFault {
  revision: number
  attributes: FilterAttributes
  faultJson: string
}

export interface OpenFaults {
  /** A row of the bucket. */
  load(row: Row<FaultRow>): void
  /** An event that is news; what the loaded rows know already changes nothing. */
  apply(event: DecodedEvent): void
  /** JSON of each fault that matches. */
  select(filter: FaultFilter): string[]
  readonly size: number
}

export function createOpenFaults(): OpenFaults {
  const faults = new Map<string, OpenFault>()
  return {
    load({ value: { fault } }) {
      faults.set(fault.id, {
        revision: fault.revision,
        attributes: filterAttributes(fault),
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
    get size() {
      return faults.size
    },
  }
}
