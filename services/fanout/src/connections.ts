// All connections, and what is done for them regularly.
import { AppError } from '@ronda/contracts/errors'
import type { Connection } from './connection.ts'
import type { Limits } from './limits.ts'
import type { Subscribers } from './subscribers.ts'

const stallCheckMs = 1_000

export interface Connections {
  add(connection: Connection): void
  remove(connection: Connection): void
  /** Dismisses all connections of a session. */
  endSession(session: string): void
  readonly size: number
  /** Bytes that wait in all their sockets. */
  queuedBytes(): number
  /** Closes all; resolves when they are gone, which takes no longer than a closing handshake may. */
  close(): Promise<void>
}

export interface ConnectionsDeps {
  subscribers: Subscribers
  limits: Limits
  /** Whether the session of this key still holds. */
  holds: (session: string) => Promise<boolean>
}

export function createConnections({ subscribers, limits, holds }: ConnectionsDeps): Connections {
  const all = new Set<Connection>()
  let onEmpty: (() => void) | undefined

  function forEach(act: (connection: Connection) => void): () => void {
    return () => {
      for (const connection of all) act(connection)
    }
  }

  /** Time passes without a word: asks once for each session, however many connections it has. */
  async function checkSessions(): Promise<void> {
    for (const session of new Set(Array.from(all, (connection) => connection.session))) {
      if (session !== undefined && !(await holds(session))) endSession(session)
    }
  }

  function endSession(session: string): void {
    for (const connection of all) {
      if (connection.session === session) connection.dismiss(new AppError('unauthenticated', 'the session has ended'))
    }
  }

  let checking: Promise<void> | undefined
  let telling: Promise<void> | undefined
  const timers = [
    setInterval(
      forEach((connection) => connection.ping()),
      limits.pingMs,
    ),
    setInterval(
      () => {
        const now = performance.now()
        for (const connection of all) connection.checkStall(now)
      },
      Math.min(stallCheckMs, limits.stallMs),
    ),
    setInterval(() => {
      subscribers.sendStatus()
      for (const connection of all) connection.resetBudget()
    }, limits.statusMs),
    setInterval(() => {
      telling ??= subscribers.sendAlarmMetrics().finally(() => (telling = undefined))
    }, limits.alarmMetricsMs),
    setInterval(() => {
      checking ??= checkSessions().finally(() => (checking = undefined))
    }, limits.sessionCheckMs),
  ]

  return {
    add: (connection) => all.add(connection),
    endSession,
    remove(connection) {
      all.delete(connection)
      if (all.size === 0) onEmpty?.()
    },
    get size() {
      return all.size
    },
    queuedBytes() {
      let bytes = 0
      for (const connection of all) bytes += connection.queuedBytes
      return bytes
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all([checking, telling])
      if (all.size === 0) return
      // A peer that does not answer the closing handshake is ended by its connection.
      const empty = new Promise<void>((resolve) => (onEmpty = resolve))
      for (const connection of all) connection.goAway()
      await empty
    },
  }
}
