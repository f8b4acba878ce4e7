// One's own account over HTTP.
import type { Account, NewOwnAccount, PasswordChange } from '@ronda/contracts/account'
import type { OwnSession } from '@ronda/contracts/session'
import { type Reply, request } from './http.ts'

const path = '/api/v1/account'

/** For an administrator who came in with a link. */
export function makeOwnAccount(body: NewOwnAccount): Promise<Reply<Account>> {
  return request(path, { method: 'POST', body })
}

export function changePassword(body: PasswordChange): Promise<Reply<Account>> {
  return request(`${path}/password`, { method: 'PUT', body })
}

export function fetchOwnSessions(): Promise<Reply<{ sessions: OwnSession[] }>> {
  return request(`${path}/sessions`)
}

export function endOwnSession(id: string): Promise<Reply<unknown>> {
  return request(`${path}/sessions/${id}`, { method: 'DELETE' })
}

export function endOtherSessions(): Promise<Reply<unknown>> {
  return request(`${path}/sessions`, { method: 'DELETE' })
}
