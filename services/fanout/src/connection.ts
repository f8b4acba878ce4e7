// One WebSocket from its upgrade to its end: what it says, whether it lives, whether it may stay. It has one
// subscription at most; the next one takes its place.
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'
import { parseClientMessage } from './client-message.ts'
import { messageBytes, pingBytes } from './frames.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { createOutlet } from './outlet.ts'
import type { Subscriber, Subscribers } from './subscribers.ts'

/** RFC 6455, 7.4.1. */
export const closeCodes = { goingAway: 1001, policyViolation: 1008 } as const

export type EndReason = ErrorCode | 'dead' | 'stalled'

export interface Connection {
  /** Key of the session that must hold; undefined for the administrator's token. */
  readonly session: string | undefined
  /** Ends a peer that said nothing since the last ping, pings the others. */
  ping(): void
  /** Ends a connection whose socket took nothing for too long; `now` is of `performance.now()`. */
  checkStall(now: number): void
  /** Bytes that wait in its socket. */
  readonly queuedBytes: number
  /** A new window for the number of messages. */
  resetBudget(): void
  /** Says why and closes. */
  dismiss(error: AppError): void
  /** Closes because the service stops. */
  goAway(): void
}

export interface ConnectionDeps {
  ws: WebSocket
  /** The one that `ws` was upgraded on. */
  socket: Duplex
  session: string | undefined
  subscribers: Subscribers
  limits: Limits
  metrics: Metrics
  onClose: () => void
}

export function createConnection(deps: ConnectionDeps): Connection {
  const { ws, socket, session, subscribers, limits, metrics, onClose } = deps
  const outlet = createOutlet(ws, socket)
  let subscriber: Subscriber | undefined
  let alive = true
  let messages = 0
  let invalidMessages = 0

  function unsubscribe(): void {
    subscriber?.unsubscribe()
    subscriber = undefined
  }

  function end(reason: EndReason): void {
    metrics.ended.inc({ reason })
    unsubscribe()
    ws.terminate()
  }

  function say({ code, message }: AppError): void {
    outlet.write(messageBytes({ type: 'error', code, message }))
  }

  function close(code: number, reason: string): void {
    unsubscribe()
    ws.close(code, reason)
    // A peer that does not answer is not waited for.
    setTimeout(() => ws.terminate(), limits.closeMs).unref()
  }

  function dismiss(error: AppError): void {
    if (ws.readyState !== WebSocket.OPEN) return
    metrics.ended.inc({ reason: error.code })
    say(error)
    close(closeCodes.policyViolation, error.code)
  }

  ws.on('message', (data, isBinary) => {
    alive = true
    if (ws.readyState !== WebSocket.OPEN) return
    if (++messages > limits.maxMessages) {
      metrics.invalidMessages.inc()
      dismiss(new AppError('rate_limited', `at most ${limits.maxMessages} messages in ${limits.statusMs} ms`))
      return
    }
    const parsed = parseClientMessage(data, isBinary)
    if (!parsed.ok) {
      metrics.invalidMessages.inc()
      if (++invalidMessages >= limits.maxInvalidMessages) dismiss(parsed.error)
      else say(parsed.error)
      return
    }
    unsubscribe()
    subscriber = subscribers.subscribe(outlet, parsed.message.filter, parsed.message.resume)
  })
  ws.on('pong', () => (alive = true))
  socket.on('drain', () => {
    alive = true
    subscriber?.wake()
  })
  ws.on('close', () => {
    unsubscribe()
    onClose()
  })
  // A message beyond the limit, or one that is no WebSocket frame: ws has closed with the code that says so.
  ws.on('error', () => metrics.invalidMessages.inc())

  return {
    session,
    ping() {
      if (!alive) {
        end('dead')
        return
      }
      // Behind what a socket does not take, a ping would only wait; that is what checkStall is for.
      if (outlet.clogged) return
      alive = false
      outlet.write(pingBytes)
    },
    checkStall(now) {
      const since = subscriber?.stalledSince
      if (since !== undefined && now - since > limits.stallMs) end('stalled')
    },
    get queuedBytes() {
      return outlet.queuedBytes
    },
    resetBudget() {
      messages = 0
    },
    dismiss,
    goAway: () => close(closeCodes.goingAway, 'the service stops'),
  }
}
