// The registry's HTTP API as an engineer's script uses it. What may work later (nothing listens yet, the service
// is busy or stopping) is tried again, for as long as it takes; what will not is an AppError that says what to do.
import { setTimeout as delay } from 'node:timers/promises'
import type { NewDevice } from '@ronda/contracts/device'
import { AppError, isErrorCode } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import { z } from 'zod'
import { createBackoff } from '../backoff.ts'
import { type ImportedRow, parseDevices, parseImported, toCsv } from './csv.ts'

export interface Api {
  /** All or nothing. Throws `validation_failed` with the problems of each row. */
  importDevices(devices: readonly NewDevice[]): Promise<ImportedRow[]>
  /** All devices that are not retired. */
  exportDevices(): Promise<NewDevice[]>
  /** Ids of all that are. */
  retiredIds(): Promise<Set<string>>
  /** The device's new token; the old one ends. */
  rotateToken(id: string): Promise<string>
}

export interface ApiOptions {
  /** `http://host:port` */
  baseUrl: string
  token: string
  log: Logger
  /** Ends all waiting; calls then reject with an AbortError. */
  signal: AbortSignal
}

const requestTimeoutMs = 60_000
const retryMs = { first: 200, most: 5_000 }
const ProblemAnswer = z.object({
  code: z.string(),
  detail: z.string(),
  problems: z.array(z.string()).default([]),
})
const TokenAnswer = z.object({ token: z.string().min(1) })
const DevicePage = z.object({
  devices: z.array(z.object({ id: z.string(), retiredAt: z.number().optional() })),
  next: z.string().optional(),
})

export function createApi({ baseUrl, token, log, signal }: ApiOptions): Api {
  async function call(method: 'GET' | 'POST', path: string, csv?: string): Promise<string> {
    const backoff = createBackoff(retryMs.first, retryMs.most, Math.random)
    for (let attempt = 1; ; attempt++) {
      const outcome = await request(method, path, csv)
      if ('body' in outcome) return outcome.body
      // Said once: a service that is about to start is no news.
      if (attempt === 3) {
        log.warn({ api: baseUrl, why: outcome.tryAgain }, 'waiting for the API: start it with npm start')
      }
      await delay(backoff.next(), undefined, { signal })
    }
  }

  async function request(
    method: 'GET' | 'POST',
    path: string,
    csv: string | undefined,
  ): Promise<{ body: string } | { tryAgain: string }> {
    let response: Response
    let body: string
    try {
      response = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(csv === undefined ? {} : { 'content-type': 'text/csv' }) },
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
        ...(csv === undefined ? {} : { body: csv }),
      })
      body = await response.text()
    } catch (error) {
      signal.throwIfAborted()
      return { tryAgain: reasonOf(error) }
    }
    if (response.ok) return { body }
    const failure = failureOf(response.status, body, `${method} ${path}`)
    if (failure.retryable) return { tryAgain: failure.message }
    throw failure
  }

  return {
    async importDevices(devices) {
      return understand(
        (text) => {
          const rows = parseImported(text)
          if (rows.length !== devices.length) throw new Error(`${devices.length} rows asked, ${rows.length} answered`)
          return rows
        },
        await call('POST', '/api/v1/devices/import', toCsv(devices)),
      )
    },
    async exportDevices() {
      return understand(parseDevices, await call('GET', '/api/v1/devices/export'))
    },
    async retiredIds() {
      const retired = new Set<string>()
      let cursor = ''
      do {
        const answer = await call('GET', `/api/v1/devices?retired=true${cursor}`)
        const page = understand((text) => DevicePage.parse(JSON.parse(text)), answer)
        for (const { id, retiredAt } of page.devices) if (retiredAt !== undefined) retired.add(id)
        cursor = page.next === undefined ? '' : `&cursor=${page.next}`
      } while (cursor !== '')
      return retired
    },
    async rotateToken(id) {
      const answer = await call('POST', `/api/v1/devices/${id}/token`)
      return understand((text) => TokenAnswer.parse(JSON.parse(text)), answer).token
    },
  }

  function understand<T>(parse: (text: string) => T, answer: string): T {
    try {
      return parse(answer)
    } catch (cause) {
      throw new AppError('config_invalid', `what listens at ${baseUrl} is not Ronda’s API, or another version of it`, {
        cause,
      })
    }
  }
}

/** What a refusal means to whoever started the simulator. */
function failureOf(status: number, body: string, what: string): AppError {
  const problem = ProblemAnswer.safeParse(parseJson(body))
  if (problem.success && isErrorCode(problem.data.code)) {
    const { code, detail, problems } = problem.data
    const hint = code === 'unauthenticated' ? ': does the service run on the same RONDA_DATA_DIR?' : ''
    return new AppError(code, `the API refused ${what}: ${detail}${hint}`, { problems })
  }
  const message = `the API answered ${what} with status ${status}: does Ronda’s API listen there?`
  return new AppError(status >= 500 || status === 429 ? 'unavailable' : 'config_invalid', message)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** fetch hides what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message
  return cause instanceof Error ? cause.message : error.message
}
