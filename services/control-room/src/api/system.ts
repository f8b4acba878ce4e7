// How Ronda itself is, and its dead letters, over HTTP.
import type {
  DeadLetterCode,
  DeadLetterPage,
  DeadLetterSummary,
  ListedDeadLetter,
  ReplayResult,
} from '@ronda/contracts/dead-letter'
import type { SystemState } from '@ronda/contracts/system'
import { type Reply, request } from './http.ts'

const letters = '/api/v1/dead-letters'

export function fetchSystem(): Promise<Reply<SystemState>> {
  return request('/api/v1/system')
}

export function fetchLetterSummary(): Promise<Reply<DeadLetterSummary>> {
  return request(`${letters}/summary`)
}

export interface LetterListQuery {
  code?: DeadLetterCode | undefined
  device?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** Newest first. */
export function listLetters(query: LetterListQuery): Promise<Reply<DeadLetterPage>> {
  const params = new URLSearchParams({ order: 'newest' })
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value))
  return request(`${letters}?${params}`)
}

export function fetchLetter(cursor: string): Promise<Reply<ListedDeadLetter>> {
  return request(`${letters}/${encodeURIComponent(cursor)}`)
}

export type ReplayWhat = { cursors: readonly string[] } | { code: DeadLetterCode; from?: string; until?: string }

export function replayLetters(what: ReplayWhat): Promise<Reply<ReplayResult>> {
  return request(`${letters}/replay`, { method: 'POST', body: what })
}
