// The cookies of the page. Their names carry its port, because cookies ignore ports; no script can read them, and
// no other site can have them sent.
import { parseCookie, stringifySetCookie } from 'cookie'

export interface PageCookie {
  /** Out of a `Cookie` header. */
  read(header: string | undefined): string | undefined
  /** A `Set-Cookie` header. */
  write(value: string, maxAgeS: number): string
  /** One that takes it away. */
  clear(): string
}

export interface PageCookieOptions {
  /** Port of the page. */
  pagePort: number
  secure: boolean
  /** What it is for, where it is not the session. */
  suffix?: string
}

export function createPageCookie({ pagePort, secure, suffix = '' }: PageCookieOptions): PageCookie {
  const name = `ronda_${pagePort}${suffix}`

  function write(value: string, maxAgeS: number): string {
    return stringifySetCookie({
      name,
      value,
      httpOnly: true,
      sameSite: 'strict',
      secure,
      path: '/',
      maxAge: maxAgeS,
    })
  }

  return {
    read: (header) => (header === undefined ? undefined : parseCookie(header)[name]),
    write,
    clear: () => write('', 0),
  }
}
