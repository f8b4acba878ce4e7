// How many connections there may be: in all, of those who have not signed in yet (so that silent sockets do not use
// up the room of devices), and from one address. Asked of every TCP connection, before TLS or HTTP have anything to
// do with it; whoever is one too many is closed at once, and those who are there stay.
import proxyAddr from '@fastify/proxy-addr'
import type { Server, Socket } from 'node:net'
import type { Environment } from '@ronda/contracts/environment'
import { networkOf, plainAddress } from '@ronda/access/addresses'

export interface AdmissionLimits {
  /** Connections in all. */
  all: number
  /** Of those who have not signed in: TLS, an upgrade or the CONNECT is still to come, or is being looked at. */
  unauthenticated: number
  /** From one IPv4 address, or one IPv6 network of 64 bits. */
  perAddress: number
}

export type AdmissionRefusal = 'mqtt_connections_full' | 'mqtt_unauthenticated_full' | 'mqtt_address_full'

export interface AdmissionDeps {
  limits: AdmissionLimits
  /** Of whom the number of connections says nothing. */
  isExempt: (address: string) => boolean
  /** How many have signed in. */
  authenticated: () => number
  onRefused: (code: AdmissionRefusal, address: string) => void
}

export interface Admission {
  /** Puts itself in front of what a server does with its connections. */
  guard(server: Server): void
  /** Connections that are open, signed in or not. */
  readonly open: number
  /** Ends all of them: Aedes knows those only that have signed in. */
  end(): void
}

/** Of all: a city whose power comes back connects at once, and still there is room left when nobody signs in. */
const unauthenticatedShare = 3 / 4

export function admissionLimits(all: number, perAddress: number): AdmissionLimits {
  return { all, unauthenticated: Math.ceil(all * unauthenticatedShare), perAddress }
}

/** This machine, where the simulated city comes from, and proxies, behind which there are many. */
export function exemptAddresses({ RONDA_TRUST_PROXY: proxies }: Pick<Environment, 'RONDA_TRUST_PROXY'>) {
  const trusts = proxyAddr.compile(['loopback', ...(proxies ?? [])])
  return (address: string): boolean => trusts(address, 0)
}

export function createAdmission({ limits, isExempt, authenticated, onRefused }: AdmissionDeps): Admission {
  const byNetwork = new Map<string, number>()
  const open = new Set<Socket>()

  function refusalOf(address: string): AdmissionRefusal | undefined {
    if (open.size >= limits.all) return 'mqtt_connections_full'
    if (open.size - authenticated() >= limits.unauthenticated) return 'mqtt_unauthenticated_full'
    const isFull = (byNetwork.get(networkOf(address)) ?? 0) >= limits.perAddress
    return isFull && !isExempt(address) ? 'mqtt_address_full' : undefined
  }

  function admit(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress)
    // It has gone already.
    if (address === undefined) return false
    const refusal = refusalOf(address)
    if (refusal !== undefined) {
      onRefused(refusal, address)
      return false
    }
    const network = networkOf(address)
    byNetwork.set(network, (byNetwork.get(network) ?? 0) + 1)
    open.add(socket)
    socket.once('close', leave)
    return true
  }

  // One function for all sockets: a connection is to cost little. The address is known beyond its end, because it
  // was asked for before.
  function leave(this: Socket): void {
    const network = networkOf(plainAddress(this.remoteAddress) ?? '')
    const left = (byNetwork.get(network) ?? 0) - 1
    if (left > 0) byNetwork.set(network, left)
    else byNetwork.delete(network)
    open.delete(this)
  }

  return {
    guard(server) {
      const handlers = server.listeners('connection')
      server.removeAllListeners('connection')
      server.on('connection', (socket: Socket) => {
        if (admit(socket)) for (const handle of handlers) handle.call(server, socket)
        else socket.destroy()
      })
    },
    get open() {
      return open.size
    },
    end() {
      for (const socket of open) socket.destroy()
    },
  }
}
