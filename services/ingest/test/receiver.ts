// A system of others on loopback that is sent webhooks: keeps what came, and answers as a test says.
import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Fault } from '@ronda/contracts/fault'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'

/** A body, as far as tests look at it. */
export interface Body {
  type: string
  deliveryId: string
  event?: string
  fault?: Fault
  missed?: number
  until?: number
  receiver?: string
}

export interface Arrival {
  headers: Record<string, string>
  text: string
  body: Body
}

export type Behaviour = (arrival: Arrival, response: ServerResponse, request: IncomingMessage) => void

export interface Receiver {
  url: string
  /** Every request, in order. */
  arrivals: Arrival[]
  /** Waits for so many requests. */
  has(count: number): Promise<Arrival[]>
  /** How it answers from now on; 204 at first. */
  answer: Behaviour
}

export const accept: Behaviour = (_arrival, response) => response.writeHead(204).end()

export function refuse(status: number, headers: Record<string, string> = {}): Behaviour {
  return (_arrival, response) => response.writeHead(status, headers).end('no')
}

/** With a certificate and its key, over TLS. */
export async function startReceiver(tls?: { certificate: string; key: string }): Promise<Receiver> {
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += String(chunk)
    // What is sent is JSON with these headers; a test finds out if not.
    const arrival = { headers: request.headers as Record<string, string>, text, body: JSON.parse(text) as Body }
    receiver.arrivals.push(arrival)
    receiver.answer(arrival, response, request)
  }
  const listener = (request: IncomingMessage, response: ServerResponse) => void receive(request, response)
  const server =
    tls === undefined ? createServer(listener) : createTlsServer({ cert: tls.certificate, key: tls.key }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens on no port')
  const receiver: Receiver = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}/hooks`,
    arrivals: [],
    async has(count) {
      await vi.waitFor(() => expect(receiver.arrivals.length).toBeGreaterThanOrEqual(count), within)
      return receiver.arrivals
    },
    answer: accept,
  }
  return receiver
}

/** Whether a secret verifies what arrived, by the reference library. */
export function verifies(secret: string, { text, headers }: Arrival): boolean {
  try {
    new Webhook(secret).verify(text, headers)
    return true
  } catch {
    return false
  }
}

export function toldOf(arrivals: readonly Arrival[]): string[] {
  return arrivals.map(({ body: { event, type, fault } }) => `${event ?? type} ${fault?.name ?? ''}`.trim())
}
