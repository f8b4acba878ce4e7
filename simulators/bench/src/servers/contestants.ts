// Brokers to measure, each in a process of its own.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '@ronda/infra/testing/ports'
import { endWithThisProcess, makeTemporaryFolder } from '../interruption.ts'
import { accepts, firstMessage, pidOf, pin, start, waitFor } from '../process.ts'
import { type Target, anonymous, startRonda } from './ronda.ts'

export interface Contestant {
  name: string
  isInstalled(): boolean
  start(options: { connections: number; core?: number }): Promise<Running>
}

export interface Running {
  target: Target
  pid: number
  stop(): Promise<void>
}

const plainAedes: Contestant = {
  name: 'plain Aedes',
  isInstalled: () => true,
  async start({ connections, ...options }) {
    const server = start('simulators/bench/src/servers/plain-aedes.ts', options)
    // plain-aedes.ts sends the address it listens on.
    const { port } = (await firstMessage(server.child)) as { port: number }
    return { target: { port, credentials: anonymous(connections) }, pid: pidOf(server), stop: server.stop }
  },
}

const ronda: Contestant = {
  name: 'Ronda',
  isInstalled: () => true,
  async start({ connections, core }) {
    const onCore = core === undefined ? {} : { core }
    const started = await startRonda({ devices: connections, services: ['broker'], ...onCore })
    return { target: started.target, pid: started.pidOf('broker'), stop: started.stop }
  },
}

/** In memory as well: with neither authentication nor persistence. */
export const mosquitto: Contestant = {
  name: 'Mosquitto',
  isInstalled: () => spawnSync('mosquitto', ['-h']).error === undefined,
  async start({ connections, core }) {
    const dir = makeTemporaryFolder()
    const [port = 0] = await freePorts(1)
    const config = join(dir, 'mosquitto.conf')
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'log_type error',
      // A subscriber that is slow misses nothing.
      'max_queued_messages 0',
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    const [file = '', ...args] = pin(['mosquitto', '-c', config], core)
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    endWithThisProcess(child)
    await waitFor(() => accepts(port), 10_000, 'Mosquitto did not listen')
    return {
      target: { port, credentials: anonymous(connections) },
      pid: pidOf({ child }),
      async stop() {
        const exited = once(child, 'exit')
        child.kill('SIGTERM')
        await exited
        rmSync(dir, { recursive: true, force: true })
      },
    }
  },
}

/** The first is what the others are compared with. */
export const contestants: readonly Contestant[] = [plainAedes, ronda, mosquitto]
