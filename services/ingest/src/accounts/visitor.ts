// Who knocks at the door, before anybody knows who it is: where from, and with which browser.
import { plainAddress } from '@ronda/access/addresses'
import type { PageCookie } from '@ronda/access/page-cookie'
import type { IncomingHttpHeaders } from 'node:http'

const mostBrowserCharacters = 200

export interface Visitor {
  address: string
  /** As it calls itself. */
  browser: string
  /** Of its cookie that outlives sessions: which browser it is, not who uses it. */
  browserId: string | undefined
}

export function visitorOf({ ip, headers }: { ip: string; headers: IncomingHttpHeaders }, cookie: PageCookie): Visitor {
  return {
    address: plainAddress(ip) ?? '',
    browser: (headers['user-agent'] ?? '').slice(0, mostBrowserCharacters),
    browserId: cookie.read(headers.cookie),
  }
}
