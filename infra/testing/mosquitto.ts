// A real Mosquitto for tests: Debian's, on a free loopback port, in memory. Whoever starts one stops it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from './ports.ts'

export interface Mosquitto {
  /** mqtt://127.0.0.1:port */
  readonly url: string
  stop(): Promise<void>
}

const startTimeoutMs = 10_000

/** With a user nobody else comes in. */
export async function startMosquitto(user?: { username: string; password: string }): Promise<Mosquitto> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-mosquitto-'))
  const [port = 0] = await freePorts(1)
  const passwords = join(dir, 'passwords')
  if (user !== undefined) {
    const { status } = spawnSync('mosquitto_passwd', ['-b', '-c', passwords, user.username, user.password])
    if (status !== 0) throw new Error('mosquitto_passwd failed')
    // Started as root, it reads them as another user.
    chmodSync(dir, 0o755)
    chmodSync(passwords, 0o644)
  }
  const who = user === undefined ? 'allow_anonymous true' : `password_file ${passwords}`
  // Subscribers may be as slow as they are.
  const config = `listener ${port} 127.0.0.1\n${who}\npersistence false\nlog_type error\nmax_queued_messages 0\n`
  writeFileSync(join(dir, 'mosquitto.conf'), config)
  const child = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' })
  const exited = once(child, 'exit')

  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    await exited
    rmSync(dir, { recursive: true, force: true })
  }

  const endAt = performance.now() + startTimeoutMs
  while (!(await accepts(port))) {
    if (performance.now() > endAt || child.exitCode !== null) {
      await stop()
      throw new Error('mosquitto did not start')
    }
    await delay(20)
  }
  return { url: `mqtt://127.0.0.1:${port}`, stop }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
