// A real InfluxDB 1.x for tests: Debian's influxd on free loopback ports, with a folder of its own. Whoever starts
// one stops it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from './ports.ts'

const startTimeoutMs = 20_000
const stopTimeoutMs = 10_000
/** Another program may take a port between its choice and its use. */
const startAttempts = 3

export interface InfluxdOptions {
  /** With it every request needs credentials, and this user is the administrator. */
  auth?: { username: string; password: string }
  /** The most rows of an answer that is not asked for in chunks. */
  maxRowLimit?: number
}

/** What one statement answered. */
export interface InfluxdResult {
  error?: string
  series?: { name: string; columns: string[]; values: unknown[][] }[]
}

export interface Influxd {
  /** http://127.0.0.1:port, the same for its whole life. */
  readonly url: string
  readonly port: number
  /** The results of InfluxQL statements, with times in ms; throws what a statement failed with. */
  query(influxql: string, database?: string): Promise<InfluxdResult[]>
  /** Ends the process as a power cut would; data and ports stay for `restart`. */
  halt(): Promise<void>
  /** Starts it again on the same data and ports, ending it first if it runs. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

export async function startInfluxd({ auth, maxRowLimit = 0 }: InfluxdOptions = {}): Promise<Influxd> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-influxd-'))
  const config = join(dir, 'influxdb.conf')
  let child: ChildProcess | undefined
  let port = 0

  async function start(): Promise<void> {
    const started = spawn('influxd', ['-config', config], { stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000)
    })
    const failed = new Promise<never>((_, reject) => {
      started.once('error', (cause) => {
        const missing = 'code' in cause && cause.code === 'ENOENT'
        reject(missing ? new Error('install the Debian packages influxdb influxdb-client', { cause }) : cause)
      })
      started.once('exit', () => reject(new Error(`influxd ended at its start: ${output}`)))
    })
    // It is awaited below, unless influxd answers first and ends later.
    failed.catch(() => {})
    child = started
    await Promise.race([failed, answers()])
  }

  async function answers(): Promise<void> {
    const endAt = performance.now() + startTimeoutMs
    while (performance.now() < endAt) {
      const response = await fetch(`http://127.0.0.1:${port}/ping`).catch(() => undefined)
      if (response?.status === 204) return
      await delay(20)
    }
    throw new Error(`influxd did not answer within ${startTimeoutMs} ms`)
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    ending.kill(signal)
    const overdue = setTimeout(() => ending.kill('SIGKILL'), stopTimeoutMs)
    await exited
    clearTimeout(overdue)
  }

  async function query(influxql: string, database = ''): Promise<InfluxdResult[]> {
    const search = new URLSearchParams({ q: influxql, db: database, epoch: 'ms' })
    const headers: Record<string, string> =
      auth === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` }
    const response = await fetch(`http://127.0.0.1:${port}/query?${search.toString()}`, { method: 'POST', headers })
    // The shape of every answer of /query.
    const answer = (await response.json()) as { error?: string; results?: InfluxdResult[] }
    const results = answer.results ?? []
    const error = answer.error ?? results.find((result) => result.error !== undefined)?.error
    if (error !== undefined) throw new Error(`${influxql}: ${error}`)
    return results
  }

  async function stop(): Promise<void> {
    await end('SIGTERM')
    rmSync(dir, { recursive: true, force: true })
  }

  try {
    for (let attempt = 1; ; attempt++) {
      const [http = 0, rpc = 0] = await freePorts(2)
      port = http
      writeFileSync(config, configText({ dir, http, rpc, auth: auth !== undefined, maxRowLimit }))
      try {
        await start()
        break
      } catch (error) {
        await end('SIGKILL')
        if (attempt === startAttempts || !(error instanceof Error && error.message.includes('address already in use')))
          throw error
      }
    }
    if (auth !== undefined) {
      // The first user may be made by anybody.
      const name = auth.username.replaceAll('"', '\\"')
      await query(`CREATE USER "${name}" WITH PASSWORD '${auth.password.replaceAll("'", "\\'")}' WITH ALL PRIVILEGES`)
    }
  } catch (error) {
    await stop()
    throw error
  }

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    query,
    halt: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM')
      await start()
    },
    stop,
  }
}

interface Config {
  dir: string
  http: number
  rpc: number
  auth: boolean
  maxRowLimit: number
}

function configText({ dir, http, rpc, auth, maxRowLimit }: Config): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${dir}/meta"
[data]
  dir = "${dir}/data"
  wal-dir = "${dir}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  auth-enabled = ${auth}
  max-row-limit = ${maxRowLimit}
  log-enabled = false
[logging]
  level = "error"
  suppress-logo = true
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
`
}
