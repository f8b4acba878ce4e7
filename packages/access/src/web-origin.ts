// Which host names are served and which origins may use a cookie: what stands between the operators' browsers
// and other sites.
import type { Environment } from '@ronda/contracts/environment'

export interface WebOrigin {
  /** The `Host` header names us: anything else is a rebinding attempt or a proxy that is not declared. */
  hostAllowed(host: string | undefined): boolean
  /** The `Origin` header is the page itself. */
  originAllowed(origin: string | undefined): boolean
  /** Cookies are `Secure`. */
  readonly secure: boolean
  /** Address of the page, without a slash at its end. */
  readonly pageUrl: string
}

export type WebOriginOptions = Pick<Environment, 'RONDA_PUBLIC_URL' | 'RONDA_BIND'>

/** `pagePort` is the port of the page; `otherPorts` those of services that answer API calls directly. */
export function createWebOrigin(
  env: WebOriginOptions,
  pagePort: number,
  otherPorts: readonly number[] = [],
): WebOrigin {
  const names = ['127.0.0.1', 'localhost', '[::1]', bracketed(env.RONDA_BIND)]
  const ports = [pagePort, ...otherPorts]
  const hosts = new Set(names.flatMap((name) => ports.flatMap((port) => withPort(name, port))))
  const origins = new Set(names.flatMap((name) => withPort(name, pagePort).map((host) => `http://${host}`)))
  let pageUrl = `http://${withPort(bracketed(env.RONDA_BIND), pagePort)[0]}`
  let secure = false
  if (env.RONDA_PUBLIC_URL !== undefined) {
    const url = new URL(env.RONDA_PUBLIC_URL)
    hosts.add(url.host)
    origins.add(url.origin)
    pageUrl = env.RONDA_PUBLIC_URL.replace(/\/+$/, '')
    secure = url.protocol === 'https:'
  }
  return {
    hostAllowed: (host) => host !== undefined && hosts.has(host.toLowerCase()),
    originAllowed: (origin) => origin !== undefined && origins.has(origin.toLowerCase()),
    secure,
    pageUrl,
  }
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}

/** As browsers write it: without the port where it is HTTP's own. */
function withPort(name: string, port: number): string[] {
  return port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]
}
