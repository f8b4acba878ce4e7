// Where a request comes from, when a proxy that is trusted says so: the same rules as for the API and the page.
import proxyAddr from '@fastify/proxy-addr'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Environment } from '@ronda/contracts/environment'

export interface Origin {
  /** undefined when the connection has ended. */
  address: string | undefined
  /** The client reached the proxy encrypted. */
  encrypted: boolean
}

export function createForwarded(env: Pick<Environment, 'RONDA_TRUST_PROXY'>): (request: IncomingMessage) => Origin {
  const { RONDA_TRUST_PROXY: networks } = env
  const trusts = networks === undefined ? () => false : proxyAddr.compile(networks)

  return (request) => {
    const { remoteAddress } = request.socket
    if (remoteAddress === undefined || !trusts(remoteAddress, 0)) return { address: remoteAddress, encrypted: false }
    const said = proxyAddr(request, trusts)
    return {
      // The header has what its sender likes.
      address: isIP(said) === 0 ? remoteAddress : said,
      encrypted: /^(https|wss)$/i.test(lastOf(request.headers['x-forwarded-proto'])),
    }
  }
}

/** What the nearest proxy has added. */
function lastOf(header: string | string[] | undefined): string {
  return (header ?? '').toString().split(',').at(-1)?.trim() ?? ''
}
