// What the engine is told, in log order: the validated records of the log.
import type { OperatorAction } from '@ronda/contracts/action'
import type { FieldValue } from '@ronda/contracts/fields'
import type { RegistryChange, Session } from '@ronda/contracts/record'

/** What every input has: its place in the log and when its source received it (ms UTC). */
interface At {
  /** Not before that of the input before it. */
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
  /** Since when the source has accepted without a break, as it says itself (ms UTC). */
  listeningSince?: number
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
