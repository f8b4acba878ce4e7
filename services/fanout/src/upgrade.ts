// From an HTTP request to a WebSocket: whoever is not admitted gets a proper HTTP answer, and everyone else a
// connection.
import { AppError, type Problem, errorCatalogue } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Gate } from './gate.ts'
import type { Metrics } from './metrics.ts'

export const webSocketPath = '/ws/v1'

export interface UpgradeDeps {
  /** undefined while the service starts or stops. */
  gate: () => Gate | undefined
  maxMessageBytes: number
  metrics: Metrics
  log: Logger
  /** `session` is its key; undefined for the administrator's token. */
  onConnection: (ws: WebSocket, socket: Duplex, session: string | undefined) => void
}

/** A listener for the server's event `upgrade`. */
export function createUpgrade({ gate, maxMessageBytes, metrics, log, onConnection }: UpgradeDeps) {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
  })

  async function admit(request: IncomingMessage): Promise<{ session: string | undefined }> {
    const [path] = (request.url ?? '').split('?', 1)
    if (path !== webSocketPath) throw new AppError('not_found', `there is no WebSocket at ${path}`)
    const open = gate()
    if (open === undefined) throw new AppError('unavailable', 'the service is starting or stopping')
    const principal = await open.checkUpgrade(request.headers)
    return { session: principal.by === 'cookie' ? principal.session : undefined }
  }

  return async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Until ws takes over nobody else listens, and a peer may reset at any moment.
    const ignore = () => socket.destroy()
    socket.on('error', ignore)
    try {
      const { session } = await admit(request)
      if (socket.destroyed) return
      server.handleUpgrade(request, socket, head, (ws) => onConnection(ws, socket, session))
      socket.removeListener('error', ignore)
    } catch (err) {
      const refusal = err instanceof AppError ? err : new AppError('internal')
      metrics.refused.inc({ code: refusal.code })
      log[errorCatalogue[refusal.code].level]({ err, code: refusal.code }, 'upgrade refused')
      refuse(socket, refusal)
    }
  }
}

function refuse(socket: Duplex, { code, message }: AppError): void {
  const { status, title } = errorCatalogue[code]
  const problem: Problem = { type: 'about:blank', title, status, code, detail: message }
  const body = JSON.stringify(problem)
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
