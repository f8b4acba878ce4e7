// A control room without a page, for tests: subscribes over WebSocket, remembers all it hears, and comes back with
// its last cursor when the connection breaks.
import type { Fault } from '@ronda/contracts/fault'
import type { ServerMessage } from '@ronda/contracts/websocket'
import { WebSocket } from 'ws'
import type { RunningSystem } from './running-system.ts'

export type FaultMessage = Extract<ServerMessage, { type: 'fault' }>

export interface ControlRoom {
  /** Open faults by id, as a page would show them. */
  readonly faults: ReadonlyMap<string, Fault>
  /** Every event heard, in order. */
  readonly events: readonly FaultMessage[]
  /** How often it was told that something may be missing. */
  readonly gaps: number
  readonly connections: number
  close(): void
}

const retryMs = 100

export function openControlRoom(
  { webSocket }: Pick<RunningSystem, 'webSocket'>,
  onEvent: (message: FaultMessage) => void = () => {},
): ControlRoom {
  const faults = new Map<string, Fault>()
  const events: FaultMessage[] = []
  let gaps = 0
  let connections = 0
  let cursor: string | undefined
  let firstPage = true
  let closed = false
  let socket: WebSocket

  function hear(message: ServerMessage): void {
    if (message.type === 'error') throw new Error(`${message.code}: ${message.message}`)
    if (message.type === 'alarm-metrics') return
    if (message.type === 'gap') {
      gaps++
      return
    }
    cursor = message.cursor
    if (message.type === 'snapshot') {
      if (firstPage) faults.clear()
      firstPage = !message.more
      for (const fault of message.faults) faults.set(fault.id, fault)
    } else if (message.type === 'fault') {
      events.push(message)
      onEvent(message)
      if (message.event === 'removed' || message.fault.closedAt !== undefined) faults.delete(message.fault.id)
      else faults.set(message.fault.id, message.fault)
    }
  }

  function connect(): void {
    socket = new WebSocket(webSocket.url, { headers: webSocket.headers })
    socket.on('open', () => {
      connections++
      firstPage = true
      socket.send(JSON.stringify({ type: 'subscribe', ...(cursor === undefined ? {} : { resume: cursor }) }))
    })
    socket.on('message', (data) => {
      // The server's messages have the form of the contract.
      if (Buffer.isBuffer(data)) hear(JSON.parse(data.toString()) as ServerMessage)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!closed) setTimeout(connect, retryMs)
    })
  }
  connect()

  return {
    faults,
    events,
    get gaps() {
      return gaps
    },
    get connections() {
      return connections
    },
    close() {
      closed = true
      socket.terminate()
    },
  }
}
