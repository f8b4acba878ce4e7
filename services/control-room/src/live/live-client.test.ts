import type { Fault } from '@ronda/contracts/fault'
import type { ServerMessage, Subscribe } from '@ronda/contracts/websocket'
import fc from 'fast-check'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type WebSocket as PeerSocket, WebSocketServer } from 'ws'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { type LiveClient, type LiveClientDeps, openLiveClient } from './live-client.ts'

const within = { timeout: 5_000 }
const everything = { districts: [], kinds: [], severities: [], agencies: [] }

/** The other end of the wire: a real WebSocket server that says what the test tells it to. */
interface Peer {
  url: string
  /** Every connection so far, the newest last. */
  connections: PeerConnection[]
  /** Refuses upgrades with 401 from now on. */
  refuse: boolean
  close(): Promise<void>
}

interface PeerConnection {
  socket: PeerSocket
  subscriptions: Subscribe[]
  say(...messages: ServerMessage[]): void
  isClosed(): boolean
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
})

async function startPeer(onSubscribe?: (connection: PeerConnection, message: Subscribe) => void): Promise<Peer> {
  const http = createServer()
  const server = new WebSocketServer({ noServer: true })
  const peer: Peer = {
    url: '',
    connections: [],
    refuse: false,
    async close() {
      for (const socket of server.clients) socket.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  http.on('upgrade', (request, socket, head) => {
    // A client that gave up may reset the connection.
    socket.on('error', () => {})
    if (peer.refuse) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    server.handleUpgrade(request, socket, head, (accepted) => {
      const connection: PeerConnection = {
        socket: accepted,
        subscriptions: [],
        say: (...messages) => messages.forEach((message) => accepted.send(JSON.stringify(message))),
        isClosed: () => accepted.readyState >= accepted.CLOSING,
      }
      peer.connections.push(connection)
      accepted.on('message', (data: Buffer) => {
        // The client sends nothing but subscriptions.
        const message = JSON.parse(data.toString('utf8')) as Subscribe
        connection.subscriptions.push(message)
        onSubscribe?.(connection, message)
      })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  peer.url = `ws://127.0.0.1:${address.port}/ws/v1`
  open.push(peer)
  return peer
}

interface Desk {
  client: LiveClient
  /** What it was handed, as `snapshot a b`, `raised a 1`, … */
  heard: string[]
  /** What a store would hold. */
  faults: Map<string, Fault>
  states: string[]
  wake(): void
}

function enter(url: string, options: Partial<LiveClientDeps> = {}): Desk {
  const heard: string[] = []
  const faults = new Map<string, Fault>()
  let wake = () => {}
  const client = openLiveClient({
    url,
    filter: everything,
    onSnapshot(all) {
      faults.clear()
      for (const fault of all) faults.set(fault.id, fault)
      heard.push(['snapshot', ...all.map(({ id }) => id)].join(' '))
    },
    onEvent(event, fault) {
      if (event === 'removed' || fault.closedAt !== undefined) faults.delete(fault.id)
      else faults.set(fault.id, fault)
      heard.push(`${event} ${fault.id} ${fault.revision}`)
    },
    onStatus: () => {},
    isStale: ({ lagMs }) => lagMs > 15_000,
    isSignedIn: async () => undefined,
    onWake(listener) {
      wake = listener
      return () => {}
    },
    now: () => 1_700_000_000_000,
    monotonic: () => performance.now(),
    random: Math.random,
    ...options,
    timing: { firstRetryMs: 5, maxRetryMs: 20, ...options.timing },
  })
  open.push(client)
  const states: string[] = [client.connection.get().state]
  client.connection.subscribe(() => states.push(client.connection.get().state))
  return { client, heard, faults, states, wake: () => wake() }
}

function status(cursor: string, lagMs = 100): ServerMessage {
  return { type: 'status', logTime: 1_699_999_999_900, cursor, lagMs, blind: [], simulated: false }
}

function snapshot(cursor: string, faults: Fault[], more = false): ServerMessage {
  return { type: 'snapshot', cursor, faults, more }
}

function sorted(faults: ReadonlyMap<string, Fault>): Fault[] {
  return [...faults.values()].toSorted((x, y) => x.id.localeCompare(y.id))
}

async function connectionOf(peer: Peer, number: number): Promise<PeerConnection> {
  return vi.waitFor(() => {
    const connection = peer.connections[number - 1]
    if (connection?.subscriptions[0] === undefined) throw new Error(`connection ${number} has not subscribed`)
    return connection
  }, within)
}

const a = makeFault({ id: 'a' })
const b = makeFault({ id: 'b' })

describe('a first connection', () => {
  test('subscribes, takes the pages of a snapshot as one, and is live when the server says it is', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url, { filter: { ...everything, agencies: ['dishub'] } })
    const connection = await connectionOf(peer, 1)

    connection.say(snapshot('p1', [a], true), snapshot('c1', [b]))
    await vi.waitFor(() => expect(desk.heard).toEqual(['snapshot a b']), within)
    expect(desk.client.connection.get()).toEqual({ state: 'catching-up' })
    connection.say(status('c1'))
    await vi.waitFor(() => expect(desk.client.connection.get()).toEqual({ state: 'live' }), within)

    expect(connection.subscriptions).toEqual([{ type: 'subscribe', filter: { ...everything, agencies: ['dishub'] } }])
    expect(desk.states).toEqual(['connecting', 'catching-up', 'live'])
  })

  test('says that it connects, not that it reconnects, until it has succeeded once', async () => {
    const peer = await startPeer()
    peer.refuse = true
    let asked = 0
    const desk = enter(peer.url, { isSignedIn: async () => (++asked, undefined) })
    await vi.waitFor(() => expect(asked).toBeGreaterThan(2), within)
    expect(desk.states).toEqual(['connecting'])
  })

  test('takes events that come between two pages into the snapshot', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const connection = await connectionOf(peer, 1)
    const newer = { ...a, revision: 2 }
    const closed = { ...b, closedAt: 5 }
    connection.say(snapshot('p1', [a, b], true))
    connection.say({ type: 'fault', cursor: 'x', event: 'updated', fault: newer })
    connection.say({ type: 'fault', cursor: 'y', event: 'closed', fault: closed })
    connection.say(snapshot('c1', []), status('c1'))
    await vi.waitFor(() => expect(desk.client.connection.get().state).toBe('live'), within)
    expect([...desk.faults.values()]).toEqual([newer])
  })
})

describe('a broken connection', () => {
  test('is resumed after the last event, and what was shown stays', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c1'), { type: 'fault', cursor: 'c2', event: 'raised', fault: b })
    await vi.waitFor(() => expect(desk.heard).toEqual(['snapshot a', 'raised b 1']), within)

    first.socket.terminate()
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions[0]).toEqual({ type: 'subscribe', filter: everything, resume: 'c2' })
    expect(desk.states).toEqual(['connecting', 'catching-up', 'live', 'reconnecting', 'catching-up'])

    second.say({ type: 'fault', cursor: 'c3', event: 'acknowledged', fault: { ...a, revision: 2 } }, status('c3'))
    await vi.waitFor(() => expect(desk.client.connection.get().state).toBe('live'), within)
    expect(desk.heard).toEqual(['snapshot a', 'raised b 1', 'acknowledged a 2'])
  })

  test('keeps the time since when it is broken, however often it tries', async () => {
    const peer = await startPeer()
    let now = 1_000
    let attempts = 0
    const desk = enter(peer.url, { now: () => now++, isSignedIn: async () => (++attempts, undefined) })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', []), status('c1'))
    await vi.waitFor(() => expect(desk.client.connection.get().state).toBe('live'), within)

    peer.refuse = true
    first.socket.terminate()
    await vi.waitFor(() => expect(desk.client.connection.get().state).toBe('reconnecting'), within)
    const since = desk.client.connection.get()
    await vi.waitFor(() => expect(attempts).toBeGreaterThan(3), within)
    expect(desk.client.connection.get()).toBe(since)
  })

  test('is resumed from the last status where there was no event since', async () => {
    const peer = await startPeer()
    enter(peer.url)
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c9'))
    first.socket.close(1001)
    expect((await connectionOf(peer, 2)).subscriptions[0]?.resume).toBe('c9')
  })

  test('within a snapshot begins anew, and the list stays what it was', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c1'))
    first.say({ type: 'gap', since: 'c1' }, snapshot('p1', [b], true))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('catching-up'), within)
    first.socket.terminate()
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions[0]?.resume).toBeUndefined()
    expect([...desk.faults.keys()]).toEqual(['a'])
    second.say(snapshot('c2', [b]), status('c2'))
    await vi.waitFor(() => expect([...desk.faults.keys()]).toEqual(['b']), within)
  })

  test('with a gap takes the snapshot that follows', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const connection = await connectionOf(peer, 1)
    connection.say(snapshot('c1', [a]), status('c1'))
    connection.say({ type: 'gap', since: 'c1' }, snapshot('c7', [b]), status('c7'))
    await vi.waitFor(
      () => expect(desk.states).toEqual(['connecting', 'catching-up', 'live', 'catching-up', 'live']),
      within,
    )
    expect(desk.heard).toEqual(['snapshot a', 'snapshot b'])
  })

  test('is noticed by its silence', async () => {
    const peer = await startPeer()
    let clock = 0
    const desk = enter(peer.url, { timing: { silenceMs: 60 }, monotonic: () => clock })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    clock = 61
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions[0]?.resume).toBe('c1')
    expect(desk.states.slice(0, 4)).toEqual(['connecting', 'catching-up', 'live', 'reconnecting'])
    await vi.waitFor(() => expect(first.isClosed()).toBe(true), within)
  })

  test('is not believed by a page that stood still: what the server has given up still holds old messages', async () => {
    const peer = await startPeer()
    let clock = 0
    // Nothing but the message itself tells.
    const hours = { silenceMs: 3_600_000, firstRetryMs: 3_600_000, maxRetryMs: 3_600_000 }
    const desk = enter(peer.url, { timing: hours, monotonic: () => clock })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    clock = hours.silenceMs + 1
    first.say(snapshot('c2', [b]))
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions[0]?.resume).toBe('c1')
    expect(desk.heard).toEqual(['snapshot a'])
    await vi.waitFor(() => expect(first.isClosed()).toBe(true), within)
  })

  test('is tried again at once when the network comes back', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url, { timing: { firstRetryMs: 3_600_000, maxRetryMs: 3_600_000 } })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', []), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    first.socket.terminate()
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('reconnecting'), within)
    desk.wake()
    expect((await connectionOf(peer, 2)).subscriptions[0]?.resume).toBe('c1')
  })

  test('that is alive is left alone when somebody looks', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const connection = await connectionOf(peer, 1)
    connection.say(snapshot('c1', []), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    desk.wake()
    connection.say({ type: 'fault', cursor: 'c2', event: 'raised', fault: a })
    await vi.waitFor(() => expect(desk.heard).toContain('raised a 1'), within)
    expect(peer.connections).toHaveLength(1)
  })
})

describe('what the server says', () => {
  test('old data is called stale, since when it is old', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const connection = await connectionOf(peer, 1)
    connection.say(snapshot('c1', []), status('c1', 60_000))
    await vi.waitFor(
      () => expect(desk.client.connection.get()).toEqual({ state: 'stale', since: 1_699_999_999_900 }),
      within,
    )
    connection.say(status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
  })

  test('an error, or what is no message, is answered by asking for everything again', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a]), status('c1'), { type: 'error', code: 'message_invalid', message: 'no' })
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions[0]?.resume).toBeUndefined()
    second.say(snapshot('c2', [a]), status('c2'))
    second.socket.send('{"type":')
    expect((await connectionOf(peer, 3)).subscriptions[0]?.resume).toBeUndefined()
    expect(desk.faults.size).toBe(1)
  })

  test('a message of a later version is passed over', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const connection = await connectionOf(peer, 1)
    connection.socket.send('{"type":"weather"}')
    connection.say(snapshot('c1', [a]), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    expect(peer.connections).toHaveLength(1)
  })

  test('who is not signed in any more is told so, and it does not try for ever', async () => {
    const peer = await startPeer()
    let asked = 0
    const desk = enter(peer.url, { isSignedIn: async () => (++asked, false) })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', []), status('c1'))
    peer.refuse = true
    first.socket.close(1008)
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('denied'), within)
    desk.wake()
    expect(asked).toBe(1)
    expect(desk.client.connection.get()).toEqual({ state: 'denied' })
  })
})

describe('another filter', () => {
  test('is another connection, which begins anew; the old one is done with', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url)
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', [a, b]), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)

    const filter = { ...everything, agencies: ['diskominfo'] }
    desk.client.setFilter(filter)
    const second = await connectionOf(peer, 2)
    expect(second.subscriptions).toEqual([{ type: 'subscribe', filter }])
    await vi.waitFor(() => expect(first.isClosed()).toBe(true), within)
    second.say(snapshot('d1', [b]), status('d1'))
    await vi.waitFor(() => expect(desk.heard).toEqual(['snapshot a b', 'snapshot b']), within)
  })

  test('is asked for by the next attempt where there is no connection', async () => {
    const peer = await startPeer()
    const desk = enter(peer.url, { timing: { firstRetryMs: 3_600_000, maxRetryMs: 3_600_000 } })
    const first = await connectionOf(peer, 1)
    first.say(snapshot('c1', []), status('c1'))
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('live'), within)
    first.socket.terminate()
    await vi.waitFor(() => expect(desk.states.at(-1)).toBe('reconnecting'), within)
    const filter = { ...everything, agencies: ['dishub'] }
    desk.client.setFilter(filter)
    desk.wake()
    expect((await connectionOf(peer, 2)).subscriptions).toEqual([{ type: 'subscribe', filter }])
  })
})

describe('whatever breaks', () => {
  test('the page ends up with exactly what the server knows', async () => {
    // A server that keeps its events in a list: a cursor is a place in it. It is cut off after so many messages
    // of each connection, and now and then it has forgotten where a client was.
    interface Story {
      /** Which of five faults an event is about, and whether it closes it. */
      events: { which: number; closes: boolean }[]
      /** Messages after which each connection breaks. */
      cuts: number[]
      forgets: boolean[]
    }
    const story: fc.Arbitrary<Story> = fc.record({
      events: fc.array(fc.record({ which: fc.nat(4), closes: fc.boolean() }), { minLength: 1, maxLength: 30 }),
      cuts: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }),
      forgets: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    })

    async function play({ events, cuts, forgets }: Story): Promise<void> {
      const log: Fault[] = events.map(({ which, closes }, i) =>
        makeFault({ id: `f${which}`, revision: i + 1, ...(closes ? { closedAt: i } : {}) }),
      )
      const stateAt = (end: number) => {
        const state = new Map<string, Fault>()
        for (const fault of log.slice(0, end)) {
          if (fault.closedAt === undefined) state.set(fault.id, fault)
          else state.delete(fault.id)
        }
        return state
      }
      let told = 0
      const peer = await startPeer(({ say, socket }, { resume }) => {
        const number = told++
        const messages: ServerMessage[] = []
        let from = Number(resume ?? NaN)
        if (Number.isNaN(from) || forgets[number] === true) {
          if (resume !== undefined) messages.push({ type: 'gap', since: resume })
          from = Math.min(log.length, number * 3)
          const faults = [...stateAt(from).values()]
          for (let i = 0; i < faults.length; i += 2) messages.push(snapshot('partial', faults.slice(i, i + 2), true))
          messages.push(snapshot(String(from), []))
        }
        log.slice(from).forEach((fault, i) => {
          messages.push({ type: 'fault', cursor: String(from + i + 1), event: 'updated', fault })
        })
        messages.push(status(String(log.length)))
        const cut = cuts[number]
        say(...messages.slice(0, cut))
        if (cut !== undefined) socket.close()
      })
      const desk = enter(peer.url, { timing: { firstRetryMs: 1, maxRetryMs: 2 } })
      await vi.waitFor(() => {
        expect(told).toBeGreaterThan(cuts.length)
        expect(desk.states.at(-1)).toBe('live')
      }, within)
      expect(sorted(desk.faults)).toEqual(sorted(stateAt(log.length)))
      desk.client.close()
      await peer.close()
      open.splice(0)
    }

    await fc.assert(fc.asyncProperty(story, play), { numRuns: 40 })
  })
})
