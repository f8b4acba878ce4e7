// Runs services as child processes: starts them, starts again what ended by itself, stops them in order. Used
// by start.ts and by the whole-system tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { needsAPerson, readyMessage } from '@ronda/runtime/lifecycle'

const root = join(import.meta.dirname, '..', '..')
const firstRestartMs = 250
const usualLongestRestartMs = 5_000
/** A service that lived this long has started well: its next restart is quick again. */
const settledMs = 10_000

export interface ServiceSpec {
  name: string
  /** Entry module, from the repository's root. */
  script: string
  args?: readonly string[]
}

export interface SupervisorOptions {
  env: Readonly<Record<string, string | undefined>>
  /** Each line a service prints, in its order. */
  onLine: (service: string, line: string, stream: 'stdout' | 'stderr') => void
  /** A service ended with what only a person can mend; it is not started again. */
  onGivenUp: (service: string) => void
  /** The most it waits before it starts again what keeps ending (5 s). */
  longestRestartMs?: number
}

export interface Supervisor {
  start(spec: ServiceSpec): void
  /** The process that runs a service now. */
  pidOf(name: string): number | undefined
  /** Whether the process that runs a service now has said that it started: what answers for it is ours. */
  isReady(name: string): boolean
  /** Asks these services to end, together; kills what has not ended in time. */
  stop(names: readonly string[], timeoutMs: number): Promise<void>
}

interface Service {
  spec: ServiceSpec
  child: ChildProcess | undefined
  ready: boolean
  restartMs: number
  restart: NodeJS.Timeout | undefined
  stopping: boolean
}

export function createSupervisor({
  env,
  onLine,
  onGivenUp,
  longestRestartMs = usualLongestRestartMs,
}: SupervisorOptions): Supervisor {
  const services = new Map<string, Service>()

  function launch(service: Service): void {
    const { name, script, args = [] } = service.spec
    const startedAt = performance.now()
    // A group of its own: Ctrl-C in the terminal reaches the launcher alone, which stops them in order. The IPC
    // channel tells them when the launcher is gone, however it went.
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    service.child = child
    for (const stream of ['stdout', 'stderr'] as const) {
      const pipe = child[stream]
      if (pipe !== null) createInterface({ input: pipe }).on('line', (line) => onLine(name, line, stream))
    }
    child.on('message', (message) => {
      if (message === readyMessage) service.ready = true
    })
    // Not its `exit`: what it said last is to be read before anyone acts on its end.
    child.on('close', (code) => {
      service.child = undefined
      service.ready = false
      if (service.stopping) return
      if (code === needsAPerson) {
        onGivenUp(name)
        return
      }
      if (performance.now() - startedAt > settledMs) service.restartMs = firstRestartMs
      service.restart = setTimeout(() => launch(service), service.restartMs)
      service.restartMs = Math.min(service.restartMs * 2, longestRestartMs)
    })
  }

  async function end(service: Service, timeoutMs: number): Promise<void> {
    service.stopping = true
    clearTimeout(service.restart)
    const { child } = service
    if (child === undefined) return
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    await closed
    clearTimeout(kill)
  }

  return {
    start(spec) {
      const service: Service = {
        spec,
        child: undefined,
        ready: false,
        restartMs: firstRestartMs,
        restart: undefined,
        stopping: false,
      }
      services.set(spec.name, service)
      launch(service)
    },
    pidOf: (name) => services.get(name)?.child?.pid,
    isReady: (name) => services.get(name)?.ready ?? false,
    async stop(names, timeoutMs) {
      const wanted = names.flatMap((name) => services.get(name) ?? [])
      await Promise.all(wanted.map((service) => end(service, timeoutMs)))
    },
  }
}
