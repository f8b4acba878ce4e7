// Where a notice may go. A receiver is chosen by an administrator and called from inside the city's network, so that it
// must not be made to reach what answers only to this machine: the metadata services of clouds, and link-local addresses
// altogether. The city's own systems have private addresses, which are allowed.
import { BlockList, isIP, isIPv4 } from 'node:net'
import type { LookupAddress, LookupAllOptions } from 'node:dns'

/** How long somebody who registers a receiver waits for the address of its host. */
const lookupMs = 3_000

const forbidden = new BlockList()
// "This network", link-local with the metadata service of most clouds, multicast and reserved (RFC 6890).
forbidden.addSubnet('0.0.0.0', 8)
forbidden.addSubnet('169.254.0.0', 16)
forbidden.addSubnet('224.0.0.0', 3)
// Metadata services elsewhere: Alibaba, Oracle, AWS over IPv6.
forbidden.addAddress('100.100.100.200')
forbidden.addAddress('192.0.0.192')
forbidden.addSubnet('fd00:ec2::', 64, 'ipv6')
forbidden.addAddress('::', 'ipv6')
forbidden.addSubnet('fe80::', 10, 'ipv6')
forbidden.addSubnet('ff00::', 8, 'ipv6')
// Link-local IPv4 behind NAT64 and 6to4; in its mapped form (::ffff:0:0/96) the list sees it by itself.
forbidden.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')
forbidden.addSubnet('2002:a9fe::', 32, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

export interface AddressRules {
  /** http may leave this machine. */
  plaintext: boolean
}

/** Why nothing is sent to an IP address by this protocol (`http:`, `https:`); undefined where it may be. */
export function addressProblem(protocol: string, address: string, { plaintext }: AddressRules): string | undefined {
  if (isIn(forbidden, address))
    return `${address} is a link-local, metadata or multicast address: nothing is sent there`
  if (protocol === 'http:' && !plaintext && !isIn(loopback, address)) {
    return `${address} is not loopback: use https, or accept unencrypted notices with RONDA_ALLOW_PLAINTEXT=1`
  }
  return undefined
}

/** The host of a URL as resolvers and sockets want it: IPv6 without brackets. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** As `dns.lookup` with `all`. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * What is wrong with a receiver's address. A host that cannot be resolved now is none of it: it is looked at again
 * before every connection.
 */
export async function urlProblem(text: string, rules: AddressRules, resolve: Resolve): Promise<string | undefined> {
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    return 'it has a user name or password: the signature says who sends, leave them out'
  }
  const host = hostOf(url)
  const isLocalName = host === 'localhost' || host.endsWith('.localhost')
  if (url.protocol === 'http:' && !rules.plaintext && isIP(host) === 0 && !isLocalName) {
    return `${host} is not loopback: use https, or accept unencrypted notices with RONDA_ALLOW_PLAINTEXT=1`
  }
  for (const address of await addressesOf(host, resolve)) {
    const problem = addressProblem(url.protocol, address, rules)
    if (problem !== undefined) return problem
  }
  return undefined
}

function addressesOf(host: string, resolve: Resolve): Promise<string[]> {
  if (isIP(host) !== 0) return Promise.resolve([host])
  return new Promise((done) => {
    const timeout = setTimeout(done, lookupMs, [])
    resolve(host, { all: true }, (error, found) => {
      clearTimeout(timeout)
      done(error === null ? found.map(({ address }) => address) : [])
    })
  })
}
