// One request to a receiver: a POST over a connection of its own, to an address that was looked at (addresses.ts),
// bounded in time and in what is read of the answer. Redirects are not followed: they would lead around the look.
import type { LookupAddress } from 'node:dns'
import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestEncrypted } from 'node:https'
import { type LookupFunction, isIP } from 'node:net'
import type { ReceiverAnswer } from '@ronda/contracts/receiver'
import { type AddressRules, type Resolve, addressProblem, hostOf } from './addresses.ts'
import type { Limits } from './limits.ts'

export interface PostDeps {
  rules: AddressRules
  resolve: Resolve
  limits: Pick<Limits, 'answerMs' | 'answerBytes'>
  /** ms UTC by the system's clock, for a `Retry-After` that is a date. */
  systemNow: () => number
}

export interface PostAnswer extends ReceiverAnswer {
  /** What the receiver asked for with 429 or 503. */
  retryAfterMs?: number
  /** The beginning of what it said. */
  text?: string
}

/** Never rejects. With a signal that aborts it gives up at once. `body` is sent as it is, after the signed headers. */
export type Post = (
  url: string,
  headers: Record<string, string>,
  body: string,
  signal?: AbortSignal,
) => Promise<PostAnswer>

const asksToWait = new Set([429, 503])

export function createPost({ rules, resolve, limits, systemNow }: PostDeps): Post {
  return (text, headers, body, signal) => {
    const url = new URL(text)
    const startedAt = performance.now()
    const { promise, resolve: settle } = Promise.withResolvers<PostAnswer>()
    const answer = (rest: Omit<PostAnswer, 'durationMs'>) =>
      settle({ durationMs: Math.round(performance.now() - startedAt), ...rest })

    const host = hostOf(url)
    const problem = isIP(host) === 0 ? undefined : addressProblem(url.protocol, host, rules)
    if (problem !== undefined) {
      answer({ error: problem })
      return promise
    }

    const options: RequestOptions = {
      method: 'POST',
      // A connection that was kept might be closed by the other side at the very moment it is used.
      agent: false,
      lookup: checkedLookup(url.protocol, rules, resolve),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Ronda-Webhooks/1',
        ...headers,
      },
    }
    const request = (url.protocol === 'https:' ? requestEncrypted : requestPlain)(url, options)
    let status: number | undefined
    let retryAfterMs: number | undefined
    const chunks: Buffer[] = []

    function answered(): void {
      if (status === undefined) return
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      const said = Buffer.concat(chunks).subarray(0, limits.answerBytes).toString('utf8')
      const failure = status >= 200 && status < 300 ? {} : { error: `answered ${status}${hintOf(status)}` }
      answer({ status, ...failure, ...wait, text: said })
    }

    /** Once the status is known it is the answer, however the rest of it went. */
    function end(error: string): void {
      if (status === undefined) answer({ error })
      else answered()
      request.destroy()
    }

    const timeout = setTimeout(() => end(`no answer within ${limits.answerMs} ms`), limits.answerMs)
    const onAbort = () => end('the service is stopping')
    signal?.addEventListener('abort', onAbort, { once: true })
    request.on('error', (error) => end(error.message === '' ? codeOf(error) : error.message))
    request.on('response', (response) => {
      status = response.statusCode ?? 0
      if (asksToWait.has(status)) retryAfterMs = parseRetryAfter(response.headers['retry-after'], systemNow())
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes >= limits.answerBytes) end('')
      })
      response.on('end', () => end(''))
      response.on('error', () => end(''))
    })
    request.end(body)
    if (signal?.aborted === true) onAbort()
    return promise.finally(() => {
      clearTimeout(timeout)
      signal?.removeEventListener('abort', onAbort)
    })
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.name
}

function hintOf(status: number): string {
  if (status >= 300 && status < 400) return ': redirects are not followed, give the receiver its final address'
  return status === 410 ? ': the receiver is disabled' : ''
}

/** Resolves as ever, but to no address that is not allowed, so that the one that was looked at is the one connected to. */
function checkedLookup(protocol: string, rules: AddressRules, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const problems = found?.map(({ address }) => addressProblem(protocol, address, rules)) ?? []
      const problem = problems.find((each) => each !== undefined)
      const [first] = found ?? []
      if (error !== null) callback(error, '')
      else if (problem !== undefined) callback(new Error(`${host} is at ${problem}`), '')
      else if (first === undefined) callback(new Error(`${host} has no address`), '')
      else if (options.all === true) callback(null, found)
      else callback(null, first.address, first.family)
    })
  }
}

/** ms from now of a `Retry-After` (RFC 9110, 10.2.3: seconds or a date); undefined where it says nothing. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000
  // Node takes far more for a date than HTTP does.
  const date = /^[A-Z][a-z]+, /.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
