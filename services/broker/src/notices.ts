// What people should look into although everything works: carried by the heartbeat, told by the API. A notice goes
// when it has not been raised again for a while; there is a bounded number, of which the newest stay.
import type { ErrorCode } from '@ronda/contracts/errors'
import { type Notice, mostNotices } from '@ronda/contracts/record'

const quietMs = 5 * 60_000

export interface Notices {
  /** `who` it is about, as the audit trail names it. */
  raise(code: ErrorCode, who: string): void
  /** The newest last. */
  list(): Notice[]
}

export interface NoticesDeps {
  /** ms UTC of stamped time. */
  now: () => number
  /** ms, never going back. */
  elapsed: () => number
}

export function createNotices({ now, elapsed }: NoticesDeps): Notices {
  /** In the order in which they were last raised. */
  const raised = new Map<string, { notice: Notice; at: number }>()

  return {
    raise(code, who) {
      const key = `${code} ${who}`
      const notice = raised.get(key)?.notice ?? { code, who, since: now() }
      raised.delete(key)
      raised.set(key, { notice, at: elapsed() })
      const [oldest] = raised.keys()
      if (raised.size > mostNotices && oldest !== undefined) raised.delete(oldest)
    },
    list() {
      for (const [key, { at }] of raised) if (elapsed() - at > quietMs) raised.delete(key)
      return Array.from(raised.values(), ({ notice }) => notice)
    },
  }
}
