// Runs services as child processes: starts them, starts again what ended by itself, stops them in order. Used
// by start.ts and by the whole-system tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { needsAPerson } from '@ronda/runtime/lifecycle'

const root = join(import.meta.dirname, '..', '..')
const firstRestartMs = 250
const longestRestartMs = 5_000
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
}

export interface Supervisor {
  start(spec: ServiceSpec): void
  /** The process that runs a service now. */
  pidOf(name: string): number | undefined
  /** Asks these services to end, together; kills what has not ended in time. */
  stop(names: readonly string[], timeoutMs: number): Promise<void>
}

interface Service {
  spec: ServiceSpec
  child: ChildProcess | undefined
  restartMs: number
  restart: NodeJS.Timeout | undefined
  stopping: boolean
}

export function createSupervisor({ env, onLine, onGivenUp }: SupervisorOptions): Supervisor {
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
    child.on('exit', (code) => {
      service.child = undefined
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
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
    await exited
    clearTimeout(kill)
  }

  return {
    start(spec) {
      const service: Service = {
        spec,
        child: undefined,
        restartMs: firstRestartMs,
        restart: undefined,
        stopping: false,
      }
      services.set(spec.name, service)
      launch(service)
    },
    pidOf: (name) => services.get(name)?.child?.pid,
    async stop(names, timeoutMs) {
      const wanted = names.flatMap((name) => services.get(name) ?? [])
      await Promise.all(wanted.map((service) => end(service, timeoutMs)))
    },
  }
}
