// What bounds a connection, and how often it is looked after. Tests set smaller ones; operators set none.
import { alarmMetricsIntervalMs } from '@ronda/contracts/alarm-metrics'
import { statusIntervalMs } from '@ronda/contracts/websocket'

export interface Limits {
  /** Bytes that may wait in a connection's socket before it leaves the live readers and catches up later. */
  maxQueuedBytes: number
  /** ms in which what waits in a socket must have gone, or the connection is ended. */
  stallMs: number
  /** ms between two pings; a peer that says nothing in between is dead. */
  pingMs: number
  /** ms between two looks at whether sessions have run out; one that is ended is known at once. */
  sessionCheckMs: number
  statusMs: number
  /** ms between two looks at whether alarm figures changed. */
  alarmMetricsMs: number
  /** Events to replay beyond which a snapshot is the shorter way. */
  maxReplayEvents: number
  /** Events kept in memory for those who are a little behind. */
  recentEvents: number
  /** Notes kept in memory for the alarm figures of the last day, some 200 bytes each; with more the day is shorter. */
  maxAlarmNotes: number
  /** Events that a snapshot may be old to be shared with one more reader, who replays the rest. */
  snapshotAgeEvents: number
  /** Bytes of a message from a client. */
  maxMessageBytes: number
  /** Messages from a client between two status messages. */
  maxMessages: number
  /** Invalid messages that a client may send in its life. */
  maxInvalidMessages: number
  /** ms that a peer has for its half of a closing handshake. */
  closeMs: number
}

export const defaultLimits: Limits = {
  maxQueuedBytes: 256 * 1024,
  stallMs: 30_000,
  pingMs: 15_000,
  sessionCheckMs: 2_000,
  statusMs: statusIntervalMs,
  alarmMetricsMs: alarmMetricsIntervalMs,
  maxReplayEvents: 10_000,
  recentEvents: 4_096,
  maxAlarmNotes: 100_000,
  snapshotAgeEvents: 256,
  maxMessageBytes: 4_096,
  maxMessages: 20,
  maxInvalidMessages: 5,
  closeMs: 1_000,
}
