// The sending side of one connection. Frames that are ready are written to the socket itself, past ws, which
// would frame them anew for each connection: ws writes whole frames too, so the two never mix within one.
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'

export interface Outlet {
  /** Whole frames; nothing is sent once the closing handshake has begun. */
  write(frames: Buffer): void
  /** The socket takes no more for now; `drain` follows, unless the connection is closing. */
  readonly clogged: boolean
  /** Bytes that the system has not taken yet. */
  readonly queuedBytes: number
}

/** `socket` is the one that `ws` was upgraded on. */
export function createOutlet(ws: WebSocket, socket: Duplex): Outlet {
  return {
    write(frames) {
      if (ws.readyState === WebSocket.OPEN) socket.write(frames)
    },
    get clogged() {
      return socket.writableNeedDrain || ws.readyState !== WebSocket.OPEN
    },
    get queuedBytes() {
      return socket.writableLength
    },
  }
}
