// The clients of a run: those that send what was mutated, and those that behave and must notice nothing of it.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { parser } from 'mqtt-packet'
import { type RawClient, connectRaw } from '../raw-client.ts'
import type { Identity } from './corpus.ts'

/** How long a client that behaves waits for an answer, and any client for the end of its connection. */
const patienceMs = 20_000
const witnessPauseMs = 5
/** After so long without an answer the next part is sent: the stream may be broken, and nothing will come. */
const quietMs = 20

/** How a client leaves: after the broker has read all, at once, or without having read anything of the answers. */
export type Leaving = 'finished' | 'reset' | 'deaf'

export interface Sent {
  acknowledged: number
  /** What the broker did that it never may. */
  finding?: string
}

/** Sends these bytes over a connection of their own, part after part when nothing more comes back. */
export async function sendParts(port: number, parts: readonly Uint8Array[][], leaving: Leaving): Promise<Sent> {
  let acknowledged = 0
  let finding: string | undefined
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  // That it is ended under us is what we are here for.
  socket.on('error', () => {})
  const parsed = parser({ protocolVersion: 4 })
  parsed.on('packet', ({ cmd }) => {
    if (cmd === 'puback') acknowledged++
  })
  let heardAt = 0
  let chunk = Buffer.alloc(0)
  parsed.on('error', ({ message }) => {
    finding ??= `the broker sent what is no packet: ${message}, in ${chunk.toString('hex').slice(0, 400)}`
  })
  if (leaving !== 'deaf') {
    socket.on('data', (bytes) => {
      heardAt = performance.now()
      chunk = bytes
      parsed.parse(bytes)
    })
  }
  for (const pieces of parts) {
    for (const piece of pieces) {
      if (socket.destroyed) break
      await Promise.race([new Promise((resolve) => socket.write(piece, resolve)), closed])
    }
    heardAt = performance.now()
    while (!socket.destroyed && performance.now() - heardAt < quietMs) await after(quietMs / 4)
  }
  if (leaving === 'finished') socket.end()
  else if (!socket.destroyed) socket.resetAndDestroy()
  if (!(await inTime(closed))) {
    finding ??= 'a connection whose client had finished was not ended'
    socket.destroy()
  }
  return { acknowledged, ...(finding !== undefined && { finding }) }
}

/** A session as it should be. Resolves with a finding when the broker does not answer it as it should. */
export async function behave(
  port: number,
  identity: Identity,
  numbers: readonly number[],
): Promise<string | undefined> {
  const talk = async () => {
    const client = await connected(port, identity, `n${numbers[0]}`)
    for (const [i, n] of numbers.entries()) client.publish(i + 1, identity.topics[0] ?? '', payloadOf(n))
    while (client.acknowledged().length < numbers.length) await somethingFrom(client)
    client.send({ cmd: 'disconnect' })
    client.socket.end()
  }
  return failureOf(talk())
}

export interface Witness {
  /** How many of its messages were acknowledged; their numbers are 0 to this. */
  readonly acknowledged: number
  readonly slowestMs: number
  /** Ends it; resolves with a finding when it did not get all its answers. */
  stop(): Promise<string | undefined>
}

/** A client that is connected all the time, and says one thing after the other. */
export async function startWitness(port: number, identity: Identity): Promise<Witness> {
  const client = await connected(port, identity, 'witness')
  let acknowledged = 0
  let slowestMs = 0
  let stopped = false
  const talk = async () => {
    while (!stopped) {
      const sentAt = performance.now()
      client.publish(1 + (acknowledged % 65_535), identity.topics[0] ?? '', payloadOf(acknowledged))
      while (client.received.every(({ cmd }) => cmd !== 'puback')) await somethingFrom(client)
      client.received.length = 0
      acknowledged++
      slowestMs = Math.max(slowestMs, performance.now() - sentAt)
      await after(witnessPauseMs)
    }
    client.socket.destroy()
  }
  const ended = failureOf(talk())
  return {
    get acknowledged() {
      return acknowledged
    },
    get slowestMs() {
      return slowestMs
    },
    stop() {
      stopped = true
      return ended
    },
  }
}

const payloadOf = (n: number) => JSON.stringify({ n })

/** The number in a payload of a client that behaves. */
export function numberOf(payload: Uint8Array): number | undefined {
  const n = /^\{"n":(\d+)\}$/.exec(Buffer.from(payload).toString('latin1'))?.[1]
  return n === undefined ? undefined : Number(n)
}

async function connected(port: number, { username, token }: Identity, clientId: string): Promise<RawClient> {
  const connecting = connectRaw(port, username, token, { clientId })
  if (!(await inTime(connecting))) throw new Error('no CONNACK for a client that behaves')
  return connecting
}

async function somethingFrom({ socket }: RawClient): Promise<void> {
  const abort = new AbortController()
  const something = [once(socket, 'data', abort), once(socket, 'close', abort)]
  for (const each of something) each.catch(() => {})
  const came = await inTime(Promise.race(something))
  abort.abort()
  if (!came) throw new Error('no answer for a client that behaves')
  if (socket.closed) throw new Error('the connection of a client that behaves was ended')
}

async function failureOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function inTime(work: Promise<unknown>): Promise<boolean> {
  const abort = new AbortController()
  const patience = after(patienceMs, false, abort).catch(() => false)
  const done = await Promise.race([work.then(() => true), patience])
  abort.abort()
  return done
}
