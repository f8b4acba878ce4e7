// Signing in and out. The one-time token comes in the address's fragment, which browsers never send anywhere;
// it is taken out of the address at once and kept nowhere.
import type { SessionInfo, SignIn } from '@ronda/contracts/session'
import { type Reply, request } from './http.ts'

const path = '/api/v1/session'

/** The token of `#token=…`, which is gone from the address, and from its history, afterwards. */
export function takeToken(
  at: Pick<Location, 'hash' | 'pathname' | 'search'>,
  history: Pick<History, 'replaceState'>,
): string | undefined {
  const token = new URLSearchParams(at.hash.slice(1)).get('token')
  if (token === null) return undefined
  history.replaceState(null, '', at.pathname + at.search)
  return token
}

export function signIn(credentials: SignIn): Promise<Reply<SessionInfo>> {
  return request(path, { method: 'POST', body: credentials })
}

export function fetchSession(): Promise<Reply<SessionInfo>> {
  return request(path)
}

export function signOut(): Promise<Reply<unknown>> {
  return request(path, { method: 'DELETE' })
}

/** Whether the session holds; undefined when nobody can tell. */
export async function isSignedIn(): Promise<boolean | undefined> {
  const reply = await fetchSession()
  if (reply.kind === 'answer') return true
  return reply.kind === 'problem' && reply.status === 401 ? false : undefined
}
