// Accounts over HTTP, as administrators keep them.
import type { Account, AccountPatch, AccountWithLink, NewAccount } from '@ronda/contracts/account'
import { type Reply, request } from './http.ts'

const path = '/api/v1/accounts'
const pathOf = (name: string) => `${path}/${encodeURIComponent(name)}`

export function fetchAccounts(): Promise<Reply<{ accounts: Account[] }>> {
  return request(path)
}

export function makeAccount(body: NewAccount): Promise<Reply<AccountWithLink>> {
  return request(path, { method: 'POST', body })
}

export function changeAccount(name: string, body: AccountPatch): Promise<Reply<Account>> {
  return request(pathOf(name), { method: 'PATCH', body })
}

export function resetAccount(name: string): Promise<Reply<AccountWithLink>> {
  return request(`${pathOf(name)}/reset`, { method: 'POST' })
}

export function removeAccount(name: string): Promise<Reply<unknown>> {
  return request(pathOf(name), { method: 'DELETE' })
}
