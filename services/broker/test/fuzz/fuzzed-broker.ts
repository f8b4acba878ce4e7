// The broker as a process of its own with a folder of its own, and what can be seen of it from outside: that it
// lives, what it complains of, its memory and its log.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'

const main = join(import.meta.dirname, '../../src/main.ts')
const city = join(import.meta.dirname, '../../../../infra/cities/tangsel')
/** Of V8, MB: what is kept and never let go of would go beyond it. */
const heapMb = 256
const startTimeoutMs = 30_000

export interface FuzzedBroker {
  port: number
  backbone: Backbone
  /** Warnings and errors it logged, and whatever it wrote that is no log line. */
  complaints: readonly string[]
  /** undefined while it lives. */
  readonly death: string | undefined
  /** Memory that is its own, in bytes; undefined where the system does not tell. */
  memory(): number | undefined
  stop(): Promise<void>
}

export async function startFuzzedBroker(prepare: (backbone: Backbone) => Promise<void>): Promise<FuzzedBroker> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-fuzz-'))
  const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e11, now: Date.now })
  await prepare(backbone)
  const env = { RONDA_DATA_DIR: dir, RONDA_CITY: city, RONDA_MQTT_PORT: '0', RONDA_LOG_LEVEL: 'info' }
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, main], {
    // As many messages as there are: to be held back is no answer to them.
    env: { ...process.env, ...env, RONDA_MQTT_MAX_RATE: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const complaints: string[] = []
  let death: string | undefined
  const ended = once(child, 'close')
  child.once('exit', (code, signal) => (death = `exit code ${code}, signal ${signal}`))

  const port = await new Promise<number>((resolve, reject) => {
    const timeout = setTimeout(
      () => reject(new Error(`the broker did not start: ${complaints.join('\n')}`)),
      startTimeoutMs,
    )
    child.once('exit', () => reject(new Error(`the broker did not start: ${complaints.join('\n')}`)))
    createInterface(child.stdout).on('line', (line) => {
      const entry = logLineOf(line)
      if (entry === undefined || entry.level >= 40) complaints.push(line)
      else if (entry.msg === 'listens') {
        clearTimeout(timeout)
        resolve(Number(/mqtt:\/\/[^\s"]*:(\d+)/.exec(line)?.[1]))
      }
    })
    createInterface(child.stderr).on('line', (line) => complaints.push(line))
  })

  return {
    port,
    backbone,
    complaints,
    get death() {
      return death
    },
    memory: () => (death === undefined ? anonymousMemoryOf(child) : undefined),
    async stop() {
      child.kill('SIGTERM')
      await ended
      await backbone.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function logLineOf(line: string): { level: number; msg: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed !== 'object' || parsed === null || !('level' in parsed) || !('msg' in parsed)) return undefined
    return { level: Number(parsed.level), msg: String(parsed.msg) }
  } catch {
    return undefined
  }
}

/** Not the pages of the log, which are mapped from its file and grow with it. */
function anonymousMemoryOf({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
