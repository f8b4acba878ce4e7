// The WebSocket to fanout: subscribes, takes the snapshot, then every event, and after a break exactly what was
// missed. It never gives up, says at any moment how far the page can be trusted, and hands on nothing twice
// that the server did not send twice.
import type { Fault, FaultEventName, FaultFilter } from '@ronda/contracts/fault'
import type { ServerMessage, Subscribe } from '@ronda/contracts/websocket'
import { type Watchable, createStore } from '../external-store.ts'
import { createBackoff } from './backoff.ts'

/** Times are ms UTC of the city's clock. */
export type Connection =
  | { readonly state: 'connecting' }
  /** Connected, and on the way from what is shown to what is. */
  | { readonly state: 'catching-up' }
  | { readonly state: 'live' }
  /** Connected, but what the server knows is old. */
  | { readonly state: 'stale'; readonly since: number }
  | { readonly state: 'reconnecting'; readonly since: number }
  /** The session is over: somebody must sign in. */
  | { readonly state: 'denied' }

type Message<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>
export type StatusMessage = Message<'status'>

export interface LiveClientDeps {
  /** Address of `/ws/v1`. */
  url: string
  filter: FaultFilter
  /** All pages of a snapshot: they take the place of everything before. */
  onSnapshot(faults: readonly Fault[]): void
  onEvent(event: FaultEventName | 'removed', fault: Fault): void
  onStatus(status: StatusMessage): void
  /** Whether what the server knows is too old to be called live. */
  isStale(status: StatusMessage): boolean
  /** Whether the session holds; undefined when nobody can tell, because the server does not answer. */
  isSignedIn(): Promise<boolean | undefined>
  /** Calls back when trying again at once is worth it; returns how to stop. */
  onWake(listener: () => void): () => void
  /** The city's clock, ms UTC. */
  now(): number
  /** ms of a clock that never jumps. */
  monotonic(): number
  random(): number
  timing?: Partial<LiveTiming>
}

interface LiveTiming {
  firstRetryMs: number
  maxRetryMs: number
  /** A connection that says nothing for so long is dead: a status comes every 5 s. */
  silenceMs: number
}

export interface LiveClient {
  readonly connection: Watchable<Connection>
  /** Subscribes to something else: a new connection, a new snapshot. */
  setFilter(filter: FaultFilter): void
  close(): void
}

const defaultTiming: LiveTiming = { firstRetryMs: 500, maxRetryMs: 15_000, silenceMs: 12_000 }

export function openLiveClient(deps: LiveClientDeps): LiveClient {
  const timing = { ...defaultTiming, ...deps.timing }
  const backoff = createBackoff({ firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs, random: deps.random })
  const connection = createStore<Connection>({ state: 'connecting' })

  let filter = deps.filter
  let socket: WebSocket | undefined
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let lastHeard = 0
  /** The last cursor up to which the page has everything; undefined while it has not. */
  let cursor: string | undefined
  /** The pages so far of a snapshot that is on its way. */
  let pages: Map<string, Fault> | undefined
  let closed = false

  function setState(next: Connection): void {
    const current = connection.get()
    // "Since" is when it began, not when it was last noticed.
    if (current.state !== next.state) connection.set(next)
  }

  function connect(): void {
    clearTimeout(retryTimer)
    const opening = new WebSocket(deps.url)
    let opened = false
    socket = opening
    pages = undefined
    lastHeard = deps.monotonic()

    opening.addEventListener('open', () => {
      if (socket !== opening) return
      opened = true
      lastHeard = deps.monotonic()
      setState({ state: 'catching-up' })
      const subscribe: Subscribe = { type: 'subscribe', filter, ...(cursor === undefined ? {} : { resume: cursor }) }
      opening.send(JSON.stringify(subscribe))
    })
    opening.addEventListener('message', ({ data }) => {
      if (socket !== opening) return
      // Who stood still for so long has been given up by the server, and what is left in the socket may be all that comes.
      if (isSilent(timing.silenceMs)) {
        drop(opening)
        connect()
        return
      }
      lastHeard = deps.monotonic()
      if (!receive(String(data))) drop(opening)
    })
    opening.addEventListener('close', () => {
      if (socket === opening) lose(opened)
    })
  }

  /** false when the conversation has to begin anew. */
  function receive(data: string): boolean {
    const message = parse(data)
    switch (message?.type) {
      case 'snapshot':
        takePage(message)
        return true
      case 'fault':
        takeEvent(message)
        return true
      case 'gap':
        // What follows is a snapshot; until it is whole there is nothing to resume from.
        cursor = undefined
        setState({ state: 'catching-up' })
        return true
      case 'status':
        takeStatus(message)
        return true
      case 'error':
      case undefined:
        // Whatever was wrong with what we asked for, a new snapshot is always right.
        cursor = undefined
        return false
      case 'alarm-metrics':
      default:
        // The list of faults has no figures, and a newer server may say more than this page knows of.
        return true
    }
  }

  function takePage({ faults, more, cursor: end }: Message<'snapshot'>): void {
    // Shown when it is whole: a list that is half the old and half the new one would be neither.
    pages ??= new Map()
    for (const fault of faults) pages.set(fault.id, fault)
    if (more) {
      cursor = undefined
      return
    }
    deps.onSnapshot([...pages.values()])
    pages = undefined
    cursor = end
  }

  function takeEvent({ event, fault, cursor: end }: Message<'fault'>): void {
    if (pages !== undefined) {
      // Between two pages: part of what the snapshot will be.
      if (event === 'removed' || fault.closedAt !== undefined) pages.delete(fault.id)
      else pages.set(fault.id, fault)
      return
    }
    deps.onEvent(event, fault)
    cursor = end
  }

  /** Only sent to who has been sent everything: the first one says that the page has caught up. */
  function takeStatus(status: StatusMessage): void {
    deps.onStatus(status)
    if (pages !== undefined || cursor === undefined) return
    cursor = status.cursor
    backoff.reset()
    if (deps.isStale(status)) setState({ state: 'stale', since: status.logTime === 0 ? deps.now() : status.logTime })
    else setState({ state: 'live' })
  }

  /** Ends a connection from this side, and does not wait for the other to agree. */
  function drop(dead: WebSocket): void {
    if (socket !== dead) return
    lose(true)
    dead.close()
  }

  function lose(opened: boolean): void {
    socket = undefined
    pages = undefined
    if (connection.get().state !== 'connecting') setState({ state: 'reconnecting', since: deps.now() })
    if (opened) retryLater()
    else void checkSession()
  }

  /** A browser does not say why a WebSocket was refused: 401, or no server. */
  async function checkSession(): Promise<void> {
    const signedIn = await deps.isSignedIn()
    if (closed || socket !== undefined) return
    if (signedIn === false) setState({ state: 'denied' })
    else retryLater()
  }

  function retryLater(): void {
    clearTimeout(retryTimer)
    retryTimer = setTimeout(connect, backoff.next())
  }

  function isSilent(forMs: number): boolean {
    return deps.monotonic() - lastHeard > forMs
  }

  const watchdog = setInterval(() => {
    if (socket !== undefined && isSilent(timing.silenceMs)) drop(socket)
  }, timing.silenceMs / 6)

  const stopListening = deps.onWake(() => {
    const { state } = connection.get()
    if (state === 'denied') return
    // The network came back, or someone looks at the page after a while: a retry need not wait, and a
    // connection that missed its last status is not waited for either.
    if (socket !== undefined && isSilent(timing.silenceMs / 2)) drop(socket)
    if (socket === undefined) connect()
  })

  connect()

  return {
    connection,
    setFilter(next) {
      filter = next
      cursor = undefined
      const old = socket
      // Without a connection the next attempt asks for it.
      if (old === undefined) return
      connect()
      old.close()
    },
    close() {
      closed = true
      clearInterval(watchdog)
      clearTimeout(retryTimer)
      stopListening()
      const old = socket
      socket = undefined
      old?.close()
    },
  }
}

function parse(data: string): ServerMessage | undefined {
  try {
    const message: unknown = JSON.parse(data)
    // Fanout validates nothing on its way out and neither do we on the way in: both are built from one contract.
    return typeof message === 'object' && message !== null ? (message as ServerMessage) : undefined
  } catch {
    return undefined
  }
}
