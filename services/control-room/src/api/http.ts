// Requests to the API on this page's own origin. The session is a cookie; every answer is one of three kinds,
// so that no caller forgets the two that are not good.
import type { Problem } from '@ronda/contracts/errors'

export type Refusal =
  /** RFC 9457; `unavailable` when something on the way answered in the API's stead. */
  | { kind: 'problem'; status: number; problem: Problem; retryAfterS?: number }
  /** No answer: whether the request was carried out is unknown. */
  | { kind: 'unreachable' }

export type Reply<T> = { kind: 'answer'; status: number; body: T } | Refusal

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  /** A table, sent as it is. */
  csv?: string
  /** How long an answer is waited for. */
  timeoutMs?: number
  headers?: Record<string, string>
  /** `no-cache`: kept by the browser, and asked for each time whether it still holds. */
  cache?: 'no-store' | 'no-cache'
}

const usualTimeoutMs = 10_000

/** `T` is what the contract promises for this path. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const { method = 'GET', body, csv, timeoutMs = usualTimeoutMs, headers, cache = 'no-store' } = options
  const content: BodyInit | undefined = csv ?? (body === undefined ? undefined : JSON.stringify(body))
  const type = csv === undefined ? 'application/json' : 'text/csv'
  let response: Response
  let answer: unknown
  try {
    response = await fetch(path, {
      method,
      headers: { ...(content === undefined ? {} : { 'content-type': type }), ...headers },
      ...(content === undefined ? {} : { body: content }),
      cache,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    answer = response.headers.get('content-type')?.startsWith('text/csv') === true ? text : parseJson(text)
  } catch {
    return { kind: 'unreachable' }
  }
  const { ok, status, statusText } = response
  // The API's answers are built from the contract that `T` comes from.
  if (ok) return { kind: 'answer', status, body: answer as T }
  if (isProblem(answer)) {
    const retryAfterS = Number(response.headers.get('retry-after') ?? 0)
    return { kind: 'problem', status, problem: answer, ...(retryAfterS > 0 ? { retryAfterS } : {}) }
  }
  const problem: Problem = { type: 'about:blank', title: statusText, status, code: 'unavailable', detail: statusText }
  return { kind: 'problem', status, problem }
}

function isProblem(content: unknown): content is Problem {
  return typeof content === 'object' && content !== null && 'code' in content && typeof content.code === 'string'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
