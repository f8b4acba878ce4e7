// The three services and what is asked of them from outside: whether they are ready, and a link to sign in.
import { setTimeout as delay } from 'node:timers/promises'
import type { Environment } from '@ronda/contracts/environment'
import { AppError, type Problem, isErrorCode } from '@ronda/contracts/errors'
import { type MqttAddresses, mqttListeners } from '@ronda/contracts/mqtt-listeners'
import type { ServiceSpec, Supervisor } from './supervisor.ts'

export const services: readonly ServiceSpec[] = [
  { name: 'broker', script: 'services/broker/src/main.ts' },
  { name: 'ingest', script: 'services/ingest/src/main.ts' },
  { name: 'fanout', script: 'services/fanout/src/main.ts' },
]

export type Addresses = Pick<Environment, 'RONDA_BIND' | 'RONDA_PORT' | 'RONDA_API_PORT'>
function host({ RONDA_BIND: bind }: Pick<Environment, 'RONDA_BIND'>): string {
  if (bind === '0.0.0.0' || bind === '::') return '127.0.0.1'
  return bind.includes(':') ? `[${bind}]` : bind
}

export function apiUrl(env: Addresses): string {
  return `http://${host(env)}:${env.RONDA_API_PORT}`
}

export function pageUrl(env: Addresses): string {
  return `http://${host(env)}:${env.RONDA_PORT}`
}

/** Of each listener that is not off. */
export function mqttUrls(env: MqttAddresses): string[] {
  return mqttListeners.flatMap(({ scheme, variable, isSecure, path }) => {
    const bind = isSecure ? (env.RONDA_TLS_BIND ?? env.RONDA_BIND) : env.RONDA_BIND
    const port = env[variable]
    return port === undefined ? [] : [`${scheme}://${host({ RONDA_BIND: bind })}:${port}${path}`]
  })
}

/** How long a start may take before anyone asks why. */
const patienceMs = 5_000

export interface WaitOptions {
  supervisor: Pick<Supervisor, 'isReady'>
  signal: AbortSignal
  /** Told what does not work yet, in words: after 5 s, and when that has changed, every 5 s at most. */
  onWaiting?: (problems: readonly string[]) => void
}

/**
 * Resolves when the services have started and say that everything works, or the signal aborts. Only processes that
 * are ours are asked: another program may have the ports.
 */
export async function waitUntilReady(env: Addresses, { supervisor, signal, onWaiting }: WaitOptions): Promise<void> {
  let told = ''
  let tellAt = performance.now() + patienceMs
  while (!signal.aborted) {
    const problems = await problemsOf(env, supervisor)
    if (problems.length === 0) return
    if (performance.now() >= tellAt) {
      tellAt = performance.now() + patienceMs
      if (problems.join() !== told) onWaiting?.(problems)
      told = problems.join()
    }
    await delay(100, undefined, { signal }).catch(() => {})
  }
}

async function problemsOf(env: Addresses, supervisor: Pick<Supervisor, 'isReady'>): Promise<string[]> {
  const starting = services.filter(({ name }) => !supervisor.isReady(name))
  if (starting.length > 0) return starting.map(({ name }) => `${name} has not started yet`)
  const problems = await Promise.all([problemsAt(`${apiUrl(env)}/readyz`), problemsAt(`${pageUrl(env)}/readyz`)])
  return problems.flat()
}

/** Either of ingest's checks or of a problem of fanout's. */
interface NotReady {
  checks?: { name: string; ok: boolean; reason?: string }[]
  problems?: string[]
}

/** What a `/readyz` says is wrong; empty when all works. */
export async function problemsAt(url: string): Promise<string[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    if (response.ok) {
      await response.body?.cancel()
      return []
    }
    // Our own services answer.
    const { checks = [], problems = [] } = (await response.json()) as NotReady
    const failed = checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`)
    return failed.length + problems.length > 0 ? [...failed, ...problems] : [`${url} answers ${response.status}`]
  } catch {
    return [`${url} does not answer`]
  }
}

/** Stops the services, together: none needs another to end. */
export function stopServices(supervisor: Pick<Supervisor, 'stop'>): Promise<void> {
  return supervisor.stop(
    services.map(({ name }) => name),
    4_500,
  )
}

/**
 * A one-time link to the control room, made with the local administrator's token. Throws `unavailable` when nothing
 * answers, and what ingest says when it refuses.
 */
export async function makeSignInLink(env: Addresses, adminToken: string, name: string): Promise<string> {
  const response = await fetch(`${apiUrl(env)}/api/v1/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'administrator' }),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    const message = `nothing answers at ${apiUrl(env)}: is Ronda running? Start it with npm start`
    throw new AppError('unavailable', message, { cause })
  })
  // Our API answers with a link or a problem; another program may answer with anything.
  const answer: Partial<Problem & { url: string }> = (await response.json().catch(() => undefined)) ?? {}
  if (response.ok && answer.url !== undefined) return answer.url
  if (answer.code !== undefined && isErrorCode(answer.code)) {
    throw new AppError(answer.code, `no link could be made: ${answer.detail}`)
  }
  throw new AppError('unavailable', `no link could be made: what answers at ${apiUrl(env)} is not Ronda`)
}
