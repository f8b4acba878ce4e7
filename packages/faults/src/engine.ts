// The fault engine: inputs in log order go in, fault events and changed rows come out. It has no clock, does
// no I/O and knows no randomness: the same inputs give the same faults, whenever and however often.
import type { OperatorAction, Verdict } from '@ronda/contracts/action'
import type { CityProfile } from '@ronda/contracts/city'
import type { FaultEvent, FaultRow } from '@ronda/contracts/fault'
import type { FieldValue } from '@ronda/contracts/fields'
import type { RegistryChange, Session } from '@ronda/contracts/record'

/** What every input has: its place in the log and when its source received it (ms UTC). */
interface At {
  position: number
  receivedAt: number
}

/** One validated object of a message's payload; times ms UTC of the device's clock. */
export interface ReadingObject {
  ts?: number
  sentAt?: number
  fields: Readonly<Record<string, FieldValue>>
  /** Codes that the device reports itself. */
  faults: readonly string[]
}

/** A message of a device, oldest object first; without objects (rubbish, camera metadata) it is a sign of life. */
export interface TelemetryInput extends At {
  type: 'telemetry'
  deviceId: string
  source: string
  session: Session
  retain: boolean
  objects: readonly ReadingObject[]
}

export interface StatusInput extends At {
  type: 'status'
  deviceId: string
  source: string
  session: Session
  retain: boolean
  will: boolean
  topic: string
  online: boolean
}

export interface HeartbeatInput extends At {
  type: 'heartbeat'
  source: string
  accepting: boolean
}

export interface ActionInput extends At {
  type: 'action'
  action: OperatorAction
}

export interface RegistryInput extends At {
  type: 'registry'
  change: RegistryChange
}

export type Input = TelemetryInput | StatusInput | HeartbeatInput | ActionInput | RegistryInput

/** A private row of the engine's state by key; undefined when it is to be deleted. */
export interface StateRow {
  key: string
  value: unknown
}

/** What came of the steps since the last time it was taken, to be written as one with the cursor. */
export interface Effects {
  events: FaultEvent[]
  /** Faults that changed, by id; a closed one has `fault.closedAt`. */
  faults: Map<string, FaultRow>
  /** Device status that changed, by device id. */
  statuses: Map<string, { online: boolean; at: number; topic: string }>
  verdicts: Verdict[]
  state: StateRow[]
}

export interface Blind {
  source: string
  /** ms UTC since when. */
  since: number
}

export interface Engine {
  step(input: Input): void
  /** Whether anything waits that others should see at once: events or verdicts. */
  readonly hasNews: boolean
  takeEffects(): Effects
  /** ms UTC: the newest time of the inputs so far. */
  readonly logTime: number
  /** Sources that are down or not accepting. */
  readonly blind: readonly Blind[]
}

export interface EngineOptions {
  city: Pick<CityProfile, 'centre' | 'nominalVoltageV'>
  /** Epoch of the log, for the events' source positions. */
  epoch: string
  /** What `takeEffects` gave before, as it was written last. */
  restore?: { state: Iterable<StateRow>; faults: Iterable<FaultRow> }
}
