// A network between clients and a server that can be cut, be silent or be slow: a TCP proxy on loopback. Whoever
// starts one closes it.
import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * `cut` ends every connection and lets no new one come about. `hold` keeps what is sent, in order, until the network is
 * `open` again. `drop` loses it while both ends believe that it went out; their connections end with that. `delay`
 * passes everything on, each piece so much later.
 */
export type Network = { state: 'open' | 'cut' | 'hold' | 'drop' } | { state: 'delay'; ms: number }

export interface TcpProxy {
  readonly port: number
  set(network: Network): void
  close(): Promise<void>
}

interface Pair {
  sockets: readonly [Socket, Socket]
  /** It lost something: after that it can only end. */
  isTorn: boolean
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let network: Network = { state: 'open' }

  const server = createServer((client) => {
    if (network.state === 'cut') {
      client.resetAndDestroy()
      return
    }
    const target = connect(targetPort, '127.0.0.1')
    const pair: Pair = { sockets: [client, target], isTorn: false }
    pairs.add(pair)
    pass(pair, client, target)
    pass(pair, target, client)
    if (network.state === 'hold') pause(pair)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  function pass(pair: Pair, from: Socket, to: Socket): void {
    /** What is under way with a delay, so that nothing overtakes it. */
    let underWay = 0
    let last = Promise.resolve()
    from.on('error', () => {})
    from.on('close', () => {
      pairs.delete(pair)
      to.destroySoon()
    })
    from.on('data', (chunk) => {
      if (network.state === 'drop') {
        pair.isTorn = true
        return
      }
      if (network.state === 'delay' || underWay > 0) {
        const arrived = delay(network.state === 'delay' ? network.ms : 0)
        underWay++
        last = Promise.all([last, arrived]).then(() => {
          underWay--
          to.write(chunk)
        })
        return
      }
      if (to.write(chunk)) return
      from.pause()
      to.once('drain', () => {
        if (network.state !== 'hold') from.resume()
      })
    })
  }

  return {
    port,
    set(next) {
      network = next
      for (const pair of pairs) {
        if (next.state === 'cut' || (next.state !== 'drop' && pair.isTorn)) end(pair)
        else if (next.state === 'hold') pause(pair)
        else for (const socket of pair.sockets) socket.resume()
      }
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const pair of pairs) end(pair)
      await closed
    },
  }

  function end(pair: Pair): void {
    pairs.delete(pair)
    for (const socket of pair.sockets) socket.destroy()
  }
}

function pause({ sockets }: Pair): void {
  for (const socket of sockets) socket.pause()
}
