// A client's cursor: a place in the stream `faults` and the filter it was read with, as text. It carries all
// that a reader needs to go on there, so a client may resume at any fanout, and after any restart.
import { hash } from 'node:crypto'
import type { FaultFilter } from '@ronda/contracts/fault'
import type { Place } from './fault-event.ts'

/** `position.ordinal.sourcePosition.sourceN.epoch.filter`, numbers in base 36. */
const complete = /^([\da-z]{1,11})\.([\da-z]{1,11})\.([\da-z]{1,11})\.([\da-z]{1,11})\.([\w-]{8})\.([\w-]{8})$/
/** Of a snapshot page that others follow: nobody can go on from there. */
const partial = /^partial\.([\w-]{8})\.([\w-]{8})$/

export type ParsedCursor =
  | { kind: 'complete'; epochTag: string; filterTag: string; place: Place }
  | { kind: 'partial'; epochTag: string; filterTag: string }

export interface CursorCodec {
  readonly epochTag: string
  at(place: Place, filterTag: string): string
  partial(filterTag: string): string
  parse(text: string): ParsedCursor | undefined
}

export interface Epochs {
  /** Of the stream `faults`. */
  faults: string
  /** Of the stream `log`, whose positions are the events' sources. */
  log: string
}

export function createCursorCodec(epochs: Epochs): CursorCodec {
  const epochTag = tag(`${epochs.faults} ${epochs.log}`)
  return {
    epochTag,
    at({ position, ordinal, seen }, filterTag) {
      // A source of another log compares with nothing that is yet to come.
      const source = seen?.epoch === epochs.log ? seen : { position: 0, n: 0 }
      return `${base36(position)}.${base36(ordinal)}.${base36(source.position)}.${base36(source.n)}.${epochTag}.${filterTag}`
    },
    partial: (filterTag) => `partial.${epochTag}.${filterTag}`,
    parse(text) {
      const [, ...parts] = complete.exec(text) ?? []
      // The pattern's groups are all mandatory: there are six parts or none.
      const [positionText = '', ordinalText = '', sourceText = '', nText = '', epoch = '', filterTag = ''] = parts
      const [position = NaN, ordinal = NaN, sourcePosition = NaN, n = NaN] = [
        positionText,
        ordinalText,
        sourceText,
        nText,
      ].map((digits) => Number.parseInt(digits, 36))
      if ([position, ordinal, sourcePosition, n].every(Number.isSafeInteger)) {
        const seen = sourcePosition === 0 ? undefined : { epoch: epochs.log, position: sourcePosition, n }
        return { kind: 'complete', epochTag: epoch, filterTag, place: { position, ordinal, seen } }
      }
      const [, partialEpoch, partialFilter] = partial.exec(text) ?? []
      return partialEpoch === undefined || partialFilter === undefined
        ? undefined
        : { kind: 'partial', epochTag: partialEpoch, filterTag: partialFilter }
    },
  }
}

/** Lists without order or repetition: filters that admit the same are the same. */
export function normalise(filter: FaultFilter): FaultFilter {
  const sorted = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].toSorted()
  return {
    districts: sorted(filter.districts),
    kinds: sorted(filter.kinds),
    severities: sorted(filter.severities),
    agencies: sorted(filter.agencies),
  }
}

export function filterTagOf({ districts, kinds, severities, agencies }: FaultFilter): string {
  return tag(JSON.stringify([districts, kinds, severities, agencies]))
}

/** 48 bits: enough to tell apart what one client used from what it uses now. */
function tag(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 8)
}

function base36(value: number): string {
  return value.toString(36)
}
