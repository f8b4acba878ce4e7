// A control room: a real WebSocket client that keeps the open faults as the page does, and checks every
// message against the contract.
import type { Fault, FaultFilter } from '@ronda/contracts/fault'
import { ServerMessage } from '@ronda/contracts/websocket'
import { vi } from 'vitest'
import { WebSocket } from 'ws'
import { within } from '../../../infra/testing/within.ts'

type Message<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

export interface ControlRoom {
  readonly ws: WebSocket
  readonly messages: readonly ServerMessage[]
  of<T extends ServerMessage['type']>(type: T): Message<T>[]
  /** `event faultId revision` of each event, in order. */
  events(): string[]
  /** The open faults as it knows them, by id. */
  readonly faults: ReadonlyMap<string, Fault>
  /** The last cursor it saw. */
  readonly cursor: string | undefined
  /** Each message as it came. */
  readonly raw: readonly string[]
  subscribe(filter?: Partial<FaultFilter>, resume?: string): void
  /** Waits until the last subscription has caught up: the status that follows. */
  caughtUp(): Promise<void>
  closed: Promise<{ code: number; reason: string }>
}

/** Resolves when the connection is open, and knows what another one knew; rejects with what refused it. */
export async function enterControlRoom(
  url: string,
  headers: Record<string, string>,
  known?: ControlRoom,
): Promise<ControlRoom> {
  const ws = new WebSocket(url, { headers })
  const messages: ServerMessage[] = []
  const raw: string[] = []
  const faults = new Map(known?.faults)
  let cursor = known?.cursor
  let inSnapshot = false
  let statusesBefore = 0

  function take(message: ServerMessage): void {
    messages.push(message)
    if ('cursor' in message) cursor = message.cursor
    if (message.type === 'snapshot') {
      if (!inSnapshot) faults.clear()
      inSnapshot = message.more
      for (const fault of message.faults) faults.set(fault.id, fault)
    }
    if (message.type === 'fault') {
      if (message.event === 'removed' || message.fault.closedAt !== undefined) faults.delete(message.fault.id)
      else faults.set(message.fault.id, message.fault)
    }
  }
  ws.on('message', (data: Buffer) => {
    raw.push(data.toString('utf8'))
    take(ServerMessage.parse(JSON.parse(data.toString('utf8'))))
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }))
  })
  await new Promise<void>((resolve, reject) => {
    ws.on('open', resolve)
    ws.on('error', reject)
  })

  // The type of a message and the parameter go together.
  const of = <T extends ServerMessage['type']>(type: T) => messages.filter((each) => each.type === type) as Message<T>[]
  return {
    ws,
    messages,
    raw,
    of,
    events: () => of('fault').map(({ event, fault }) => `${event} ${fault.id} ${fault.revision}`),
    faults,
    get cursor() {
      return cursor
    },
    subscribe(filter = {}, resume) {
      statusesBefore = of('status').length
      ws.send(JSON.stringify({ type: 'subscribe', filter, ...(resume === undefined ? {} : { resume }) }))
    },
    async caughtUp() {
      await vi.waitFor(() => {
        if (of('status').length <= statusesBefore) throw new Error('no status yet')
      }, within)
    },
    closed,
  }
}
