// One InfluxDB server: which version answers, how it is written and asked, and what its refusals mean. The library
// carries the requests (connections, authentication, gzip); its WriteApi is not used, for it buffers and retries on
// its own, and what is not in the store must stay in the log.
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { AbortError, HttpError, InfluxDB, RequestTimedOutError } from '@influxdata/influxdb-client'
import { AppError } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { type Series, identifier } from './influxql.ts'

const requestTimeoutMs = 30_000
/** For questions that a healthy server answers at once. */
const checkTimeoutMs = 2_000
/** Below this a body gains nothing from gzip. */
const gzipThresholdBytes = 1_000
const reasonLength = 300

export interface InfluxOptions {
  /** Of the server, with a path where it stands behind a proxy. */
  url: string
  /** `user:password` for 1.x. */
  token?: string
  /** 2.x. */
  org?: string
  /** Or database, or `database/retention-policy`. */
  bucket: string
  log?: Logger
}

/** What the server said to lines that it does not take. */
export interface Refusal {
  reason: string
  /** The request, not its lines, was refused for its size. */
  tooLarge: boolean
  /** How many lines it left out, where it says so; it took the others. */
  dropped?: number
}

export interface InfluxServer {
  /** Throws `store_unavailable` where the refusal is not for the lines. */
  write(lines: readonly string[]): Promise<Refusal | undefined>
  /** The series that a SELECT answers. */
  query(influxql: string): Promise<readonly Series[]>
  /** Asks for something small, in a short time; throws as `query` does. */
  check(): Promise<void>
  close(): void
}

/** One of the documents that `/query` answers. */
interface QueryAnswer {
  results?: { error?: string; series?: Series[] }[]
}

export function createInfluxServer({ url, token, org, bucket, log }: InfluxOptions): InfluxServer {
  const { protocol, host, hostname, pathname } = new URL(url)
  // Without user and password, which a URL may carry too.
  const shown = `${protocol}//${host}${pathname === '/' ? '' : pathname}`
  const agent = protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const basic = token?.includes(':') === true
  const { transport } = new InfluxDB({
    url: shown,
    ...(token === undefined || basic ? {} : { token }),
    ...(token === undefined || !basic
      ? {}
      : { headers: { authorization: `Basic ${Buffer.from(token).toString('base64')}` } }),
    timeout: requestTimeoutMs,
    transportOptions: { agent },
  })
  const gzip = isLoopback(hostname) ? {} : { gzipThreshold: gzipThresholdBytes }
  const slash = bucket.indexOf('/')
  const database = slash < 0 ? bucket : bucket.slice(0, slash)
  const retentionPolicy = slash < 0 ? {} : { rp: bucket.slice(slash + 1) }
  const closed = new AbortController()
  /** 1, 2 or 3; unknown until the server answered, and again after it could not be reached. */
  let major: number | undefined

  interface Request {
    method: 'GET' | 'POST'
    path: string
    parameters?: Record<string, string>
    body?: string
    timeoutMs?: number
    onHeaders?: (headers: Record<string, string | string[] | undefined>) => void
  }

  function pathOf({ path, parameters = {} }: Request): string {
    const search = new URLSearchParams(parameters).toString()
    return search === '' ? path : `${path}?${search}`
  }

  function optionsOf({ method, body, timeoutMs = requestTimeoutMs }: Request) {
    const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)])
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'text/plain; charset=utf-8' }
    return { method, headers, signal, ...gzip }
  }

  /** The parsed body. Throws the library's errors. */
  async function send(request: Request): Promise<unknown> {
    return transport.request(pathOf(request), request.body ?? '', optionsOf(request), request.onHeaders)
  }

  /** The text of the body; several JSON documents are more than `send` can parse. */
  async function read(request: Request): Promise<string> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of transport.iterate(pathOf(request), '', optionsOf(request))) {
      text += decoder.decode(chunk, { stream: true })
    }
    return text + decoder.decode()
  }

  async function findMajor(timeoutMs: number): Promise<number> {
    if (major !== undefined) return major
    let header: unknown
    const onHeaders: Request['onHeaders'] = (headers) => {
      header = headers['x-influxdb-version']
    }
    const body = await send({ method: 'GET', path: '/ping', timeoutMs, onHeaders })
    const version = header ?? (isRecord(body) ? body.version : undefined) ?? (await versionOfHealth(timeoutMs))
    const found = /\d+/.exec(String(version))?.[0]
    if (found === undefined) throw unavailable(`what answers at ${shown} is no InfluxDB: set INFLUX_URL`)
    log?.info({ url: shown, version: String(version) }, 'InfluxDB found')
    major = Number(found)
    return major
  }

  async function versionOfHealth(timeoutMs: number): Promise<unknown> {
    const body = await send({ method: 'GET', path: '/health', timeoutMs })
    return isRecord(body) ? body.version : undefined
  }

  /** Runs `work` with the version; makes a missing database of 1.x and runs it once more. */
  async function reach<T>(timeoutMs: number, work: (major: number) => Promise<T>): Promise<T> {
    try {
      const version = await findMajor(timeoutMs)
      try {
        return await work(version)
      } catch (error) {
        if (version > 1 || !isDatabaseMissing(error)) throw error
        const parameters = { q: `CREATE DATABASE ${identifier(database)}` }
        await send({ method: 'POST', path: '/query', parameters }).catch(() => {
          // The user may not: what is missing is the better message.
          throw error
        })
        log?.info({ url: shown, database }, 'database made')
        return await work(version)
      }
    } catch (error) {
      throw failureOf(error)
    }
  }

  async function postLines(version: number, lines: readonly string[]): Promise<Refusal | undefined> {
    const body = `${lines.join('\n')}\n`
    const target =
      version === 1
        ? { path: '/write', parameters: { db: database, ...retentionPolicy } }
        : {
            path: '/api/v2/write',
            parameters: { bucket, precision: 'ns', ...(org === undefined ? {} : { org }) },
          }
    try {
      await send({ method: 'POST', body, ...target })
      return undefined
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal === undefined) throw error
      return refusal
    }
  }

  async function ask(influxql: string, timeoutMs: number): Promise<readonly Series[]> {
    return reach(timeoutMs, async () => {
      // In chunks, for a server may limit the rows of an answer that is not, and cut it off untold.
      const parameters = { db: database, ...retentionPolicy, epoch: 'ms', chunked: 'true', q: influxql }
      const text = await read({ method: 'GET', path: '/query', parameters, timeoutMs })
      return text.split('\n').flatMap((line) => {
        if (line.trim() === '') return []
        // The shape is documented and the same in all three versions.
        const [result] = (JSON.parse(line) as QueryAnswer).results ?? []
        if (result?.error !== undefined) throw new StatementError(result.error)
        return result?.series ?? []
      })
    })
  }

  /** Throws what is a bug. */
  function failureOf(error: unknown): AppError {
    if (error instanceof AppError) return error
    const at = `InfluxDB at ${shown}`
    const place = `${major === 1 ? 'database' : 'bucket'} "${bucket}"`
    if (isDatabaseMissing(error)) {
      const mapping = major === 1 ? '' : ' (or no DBRP mapping for it)'
      return unavailable(`${at} has no ${place}${mapping}: make it, or set INFLUX_BUCKET`, error)
    }
    if (error instanceof StatementError) return unavailable(`${at} cannot answer: ${error.message}`, error)
    if (!(error instanceof HttpError)) {
      const why = connectionProblem(error)
      if (why === undefined) throw error
      major = undefined
      return unavailable(`${at} cannot be reached (${why}): start it, or set INFLUX_URL`, error)
    }
    const said = `${error.statusCode}: ${reasonOf(error)}`
    switch (error.statusCode) {
      case 401:
        return unavailable(`${at} refuses the credentials (${said}): set INFLUX_TOKEN`, error)
      case 403:
        return unavailable(`${at} does not allow it on ${place} (${said}): give INFLUX_TOKEN the right`, error)
      case 429:
        return unavailable(`${at} takes no more for now (${said})`, error)
      default:
        return unavailable(`${at} fails (${said})`, error)
    }
  }

  return {
    write: (lines) => reach(requestTimeoutMs, (version) => postLines(version, lines)),
    query: (influxql) => ask(influxql, requestTimeoutMs),
    async check() {
      await ask('SHOW MEASUREMENTS LIMIT 1', checkTimeoutMs)
    },
    close() {
      closed.abort()
      agent.destroy()
    },
  }
}

/** A statement that was understood and failed. */
class StatementError extends Error {
  override readonly name = 'StatementError'
}

function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('store_unavailable', message, { cause })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** What went wrong between us and the server; undefined for an error that is a bug. */
function connectionProblem(error: unknown): string | undefined {
  if (error instanceof AbortError || error instanceof RequestTimedOutError) return 'no answer in time'
  if (error instanceof SyntaxError) return 'its answer is not JSON'
  // Those of sockets, TLS and HTTP parsing.
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return undefined
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** In 1.x a missing database is a 404 to a write and an error of the statement to a query. */
function isDatabaseMissing(error: unknown): boolean {
  if (error instanceof HttpError) return error.statusCode === 404
  return error instanceof StatementError && error.message.includes('not found')
}

/**
 * What the server holds against the lines: malformed or of a conflicting type (400), beyond retention (400 in 1.x,
 * 422 in 2.x), over a limit of the server's on series or tags (400), or too many at once (413). Undefined for
 * everything else: credentials, a missing bucket, too much load and the server's own failures say nothing about
 * the lines, which wait.
 */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof HttpError) || ![400, 413, 422].includes(error.statusCode)) return undefined
  const reason = reasonOf(error)
  const dropped = /dropped=(\d+)/.exec(reason)?.[1]
  return {
    reason,
    tooLarge: error.statusCode === 413,
    ...(dropped === undefined ? {} : { dropped: Number(dropped) }),
  }
}

/** The server's words: `error` in 1.x, `message` in 2.x, those of the first line in 3.x. */
function reasonOf({ body, statusMessage }: HttpError): string {
  let said: unknown = body
  try {
    const parsed: unknown = JSON.parse(body ?? '')
    if (isRecord(parsed)) {
      const line: unknown = Array.isArray(parsed.data) ? parsed.data[0] : undefined
      said = (isRecord(line) ? line.error_message : undefined) ?? parsed.error ?? parsed.message ?? body
    }
  } catch {
    // Plain text, as proxies answer.
  }
  const text = typeof said === 'string' && said !== '' ? said : (statusMessage ?? '')
  return text.slice(0, reasonLength)
}
