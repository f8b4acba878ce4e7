// Child processes of a measurement: pinned to a core where the system can, ended by their ids.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { endWithThisProcess } from './interruption.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const hasTaskset = spawnSync('taskset', ['--version']).status === 0

/** What is measured and who puts it under load have a core each, where there are two. */
export const [serverCore, loadCore] = cpus().length > 1 ? [0, 1] : [undefined, undefined]

export interface StartOptions {
  /** The core to run on; any when absent, or where cores cannot be chosen. */
  core?: number
  env?: Readonly<Record<string, string>>
  args?: readonly string[]
}

export interface Started {
  child: ChildProcess
  /** SIGTERM, then its end. */
  stop(): Promise<void>
}

/** The command on that core, where the system can choose. */
export function pin(command: string[], core: number | undefined): string[] {
  return core === undefined || !hasTaskset ? command : ['taskset', '-c', String(core), ...command]
}

/** Runs a TypeScript module of the repository. */
export function start(script: string, { core, env = {}, args = [] }: StartOptions = {}): Started {
  const [file = '', ...rest] = pin([process.execPath, join(root, script), ...args], core)
  const child = spawn(file, rest, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // As JSON what is not a number would arrive as null.
    serialization: 'advanced',
  })
  endWithThisProcess(child)
  child.stdout?.resume()
  return {
    child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

export function pidOf({ child }: Pick<Started, 'child'>): number {
  if (child.pid === undefined) throw new Error('the process could not be started')
  return child.pid
}

/** The first message of a child over its IPC channel. */
export async function firstMessage(child: ChildProcess): Promise<unknown> {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the process ended with ${code} before it said anything`)
    }),
  ])
  return message
}

/** Runs a module that answers its order with one message and then ends, in a process of its own. */
export function ask(script: string, order: object, core?: number): Promise<unknown> {
  const { child } = start(script, core === undefined ? {} : { core })
  child.send(order)
  return firstMessage(child)
}

/** Whether somebody listens there. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

export async function waitFor(condition: () => Promise<boolean>, timeoutMs: number, what: string): Promise<void> {
  const until = performance.now() + timeoutMs
  while (!(await condition().catch(() => false))) {
    if (performance.now() > until) throw new Error(`${what} within ${timeoutMs} ms`)
    await delay(50)
  }
}
