// MQTT over WebSocket (MQTT 3.1.1, section 6): from an HTTP request to a stream of bytes. Whoever asks for
// something else gets a plain HTTP answer.
import { webSocketPath } from '@ronda/contracts/mqtt-listeners'
import { type IncomingMessage, STATUS_CODES, type Server, type ServerOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import { maxPayloadBytes } from '@ronda/contracts/telemetry'
import { type WebSocket, WebSocketServer, createWebSocketStream } from 'ws'

/** [MQTT-6.0.0-3]. */
const subprotocol = 'mqtt'
/** A packet of the largest size that is taken, in one frame, and room for its header. */
const maxFrameBytes = 2 * maxPayloadBytes + 4 * 1024

/** Nobody needs long to ask for a WebSocket, or many words. */
export const httpOptions: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 1_000,
  maxHeaderSize: 8 * 1024,
}

export interface WebSocketDeps<T> {
  /** Of the page; devices send no Origin, and pages of others have no business here. */
  publicUrl: string | undefined
  /** The last question before the upgrade; undefined ends the connection. */
  admit: (request: IncomingMessage) => T | undefined
  onStream: (stream: Duplex, admitted: T) => void
}

/** Answers all that is asked of the servers it is given. */
export function createWebSocket<T>({
  publicUrl,
  admit,
  onStream,
}: WebSocketDeps<T>): <S extends Server>(server: S) => S {
  const allowedOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: () => subprotocol,
  })

  function refusalOf({ url = '', headers }: IncomingMessage): { status: number; reason: string } | undefined {
    if (url.split('?', 1)[0] !== webSocketPath)
      return { status: 404, reason: `MQTT over WebSocket is at ${webSocketPath}` }
    if (headers.upgrade?.toLowerCase() !== 'websocket')
      return { status: 426, reason: 'Here is MQTT over WebSocket only' }
    if (headers.origin !== undefined && headers.origin !== allowedOrigin) {
      return { status: 403, reason: 'Pages of this origin may not connect' }
    }
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim())
    if (!offered.includes(subprotocol))
      return { status: 400, reason: `The subprotocol "${subprotocol}" must be offered` }
    return undefined
  }

  return (server) => {
    server.on('request', (request, response) => {
      const { status, reason } = refusalOf(request) ?? { status: 400, reason: 'This is no upgrade' }
      response.writeHead(status, headersOf(status, reason)).end(reason)
    })
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Until ws takes over nobody else listens, and a peer may reset at any moment.
      const ignore = () => socket.destroy()
      socket.on('error', ignore)
      const refusal = refusalOf(request)
      if (refusal !== undefined) return answer(socket, refusal.status, refusal.reason)
      const admitted = admit(request)
      if (admitted === undefined) return socket.destroy()
      socket.removeListener('error', ignore)
      upgrades.handleUpgrade(request, socket, head, (ws) => onStream(streamOf(ws), admitted))
    })
    return server
  }
}

function streamOf(ws: WebSocket): Duplex {
  // [MQTT-6.0.0-1]: binary frames only. Before the stream's own listener, which would take any.
  ws.on('message', (_data, isBinary) => {
    if (isBinary) return
    ws.close(1003, 'MQTT is binary')
    stream.destroy()
  })
  const stream = createWebSocketStream(ws)
  // What is written in one turn goes as one frame: an acknowledgement alone is three writes.
  stream._writev = (writes, done) => ws.send(Buffer.concat(writes.map(({ chunk }) => chunk)), done)
  return stream
}

function answer(socket: Duplex, status: number, reason: string): void {
  const headers = Object.entries(headersOf(status, reason)).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${headers.join('')}\r\n${reason}`)
}

function headersOf(status: number, reason: string): Record<string, string | number> {
  return {
    // 426 has to name the protocol that is spoken (RFC 9110, 15.5.22).
    Connection: status === 426 ? 'Upgrade, close' : 'close',
    ...(status === 426 ? { Upgrade: 'websocket' } : {}),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(reason),
  }
}
