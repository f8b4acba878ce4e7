// The whole system as `npm start` runs it, for tests: services as child processes on free ports and a folder of
// their own, watched by the same supervisor.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '@ronda/contracts/environment'
import { readEnvironment } from '@ronda/runtime/config'
import { createSupervisor } from '../local/supervisor.ts'
import { apiUrl, pageUrl, services, stopServices, waitUntilReady } from '../local/system.ts'
import { freeSystemPorts } from './ports.ts'

export interface RunningSystem {
  dir: string
  env: Environment
  adminToken: string
  /** What was printed that is no log line. */
  readonly complaints: readonly string[]
  /** GET of a path of the API, as the administrator; throws on any answer but 2xx. */
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown, headers?: Record<string, string>): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  remove(path: string): Promise<void>
  /** The address for a control room's WebSocket and the headers to open it with. */
  webSocket: { url: string; headers: { authorization: string } }
  pidOf(service: string): number
  /** Ends a service as a power cut would; it is started again. */
  killHard(service: string): void
  /** Ends a service as whoever maintains it would; it stays away until it is started. */
  stopService(service: string): Promise<void>
  startService(service: string): void
  /** Resolves when every service says that everything works, or the signal aborts. */
  whenReady(signal: AbortSignal): Promise<void>
  /** Ends it and removes its folder, unless its data is to be looked into. */
  stop(options?: { keepData: boolean }): Promise<void>
}

export interface SystemOptions {
  /** Its data directory, which is removed with it; a temporary one when absent. */
  dir?: string
  timeoutMs?: number
  /** The most a service that keeps ending waits for its next start (5 s). */
  longestRestartMs?: number
  /** Each line a service prints. */
  onLine?: (service: string, line: string) => void
}

const stopTimeoutMs = 4_500

/** Throws when the system is not ready in time, with what it lacks, and leaves nothing of it. */
export async function startSystem(
  more: Readonly<Record<string, string>> = {},
  {
    dir = mkdtempSync(join(tmpdir(), 'ronda-system-')),
    timeoutMs = 30_000,
    onLine = () => {},
    ...supervision
  }: SystemOptions = {},
): Promise<RunningSystem> {
  // Loads are given as they are; how fast a device may be is tested where it is decided.
  const variables = { RONDA_DATA_DIR: dir, RONDA_MQTT_MAX_RATE: '0', ...(await freeSystemPorts()), ...more }
  const env = readEnvironment(variables)
  const complaints: string[] = []
  const abort = new AbortController()
  const supervisor = createSupervisor({
    ...supervision,
    env: { ...process.env, ...variables },
    onLine(service, line) {
      onLine(service, line)
      if (!isLogLine(line)) complaints.push(`${service}: ${line}`)
    },
    onGivenUp: () => abort.abort(),
  })
  for (const service of services) supervisor.start(service)

  async function stop({ keepData } = { keepData: false }): Promise<void> {
    await stopServices(supervisor)
    if (!keepData) rmSync(dir, { recursive: true, force: true })
  }

  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(timeoutMs)])
  let lacking: readonly string[] = []
  await waitUntilReady(env, { supervisor, signal, onWaiting: (problems) => (lacking = problems) })
  if (signal.aborted) {
    await stop()
    throw new Error(['the system did not start:', ...complaints, ...lacking].join('\n'))
  }
  const adminToken = readFileSync(join(dir, 'admin-token'), 'utf8').trim()
  const authorization = `Bearer ${adminToken}`

  async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
    const headers = new Headers(init.headers)
    headers.set('authorization', authorization)
    const response = await fetch(`${apiUrl(env)}${path}`, { ...init, headers })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    // The caller says what it asked for.
    return (await (isJson ? response.json() : response.text())) as T
  }

  function pidOf(service: string): number {
    const pid = supervisor.pidOf(service)
    if (pid === undefined) throw new Error(`${service} is not running`)
    return pid
  }

  return {
    dir,
    env,
    adminToken,
    complaints,
    get: request,
    post: (path, body, headers = {}) => {
      const isText = typeof body === 'string'
      return request(path, {
        method: 'POST',
        headers: { 'content-type': isText ? 'text/csv' : 'application/json', ...headers },
        body: isText ? body : JSON.stringify(body),
      })
    },
    patch: (path, body) =>
      request(path, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    remove: (path) => request(path, { method: 'DELETE' }),
    webSocket: { url: `${pageUrl(env).replace('http', 'ws')}/ws/v1`, headers: { authorization } },
    pidOf,
    killHard: (service) => process.kill(pidOf(service), 'SIGKILL'),
    stopService: (service) => supervisor.stop([service], stopTimeoutMs),
    startService(service) {
      const spec = services.find(({ name }) => name === service)
      if (spec === undefined) throw new Error(`there is no service ${service}`)
      supervisor.start(spec)
    },
    whenReady: (whileWanted) => waitUntilReady(env, { supervisor, signal: whileWanted }),
    stop,
  }
}

/** Whether pino wrote it. */
function isLogLine(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line)
    return typeof parsed === 'object' && parsed !== null && 'level' in parsed
  } catch {
    return false
  }
}
