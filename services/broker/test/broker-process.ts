// The broker as a process of its own, with a limit of open files, on a backbone that the test has open as well.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backbone } from '@ronda/backbone/backbone'
import { openEmbeddedBackbone } from '@ronda/backbone/embedded/embedded'
import type { SourceRow } from '@ronda/contracts/record'
import { expect, onTestFinished, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const profile = join(import.meta.dirname, '../../../infra/cities/tangsel')

/** prlimit is of Linux (util-linux), and so is what is read of /proc. */
export const canLimitFiles = existsSync('/usr/bin/prlimit')

export interface BrokerProcess {
  backbone: Backbone
  port: number
  pid: number
  output(): string
  /** What the broker says of itself. */
  state(): Promise<SourceRow>
  openFiles(): number
  /** The descriptor that the next file it opens will have. */
  nextFile(): number
  /** Seconds of processor time. */
  cpuS(): number
  /** [status, signal]. */
  ended: Promise<unknown[]>
  terminate(): void
}

export async function startBrokerProcess(files: number): Promise<BrokerProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-broker-process-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: Date.now })
  onTestFinished(() => backbone.close())
  const child = spawn('prlimit', [`--nofile=${files}`, process.execPath, main], {
    env: { ...process.env, RONDA_DATA_DIR: dir, RONDA_CITY: profile, RONDA_MQTT_PORT: '0', RONDA_DISK_RESERVE_MB: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const port = () => /mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]
  await vi.waitFor(() => expect(port() ?? child.exitCode).not.toBeNull(), within)
  const proc = `/proc/${child.pid}`
  const openFiles = () => new Set(readdirSync(`${proc}/fd`).map(Number))
  return {
    backbone,
    port: Number(port()),
    pid: child.pid ?? 0,
    output: () => output,
    async state() {
      const row = await backbone.bucket('sources').get('broker')
      if (row === undefined) throw new Error('no heartbeat yet')
      return row.value
    },
    openFiles: () => openFiles().size,
    nextFile() {
      const taken = openFiles()
      let next = 0
      while (taken.has(next)) next++
      return next
    },
    cpuS() {
      // Fields 14 and 15 of all, the name in parentheses aside; in ticks of 10 ms.
      const [user, system] =
        readFileSync(`${proc}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
      return ((user ?? 0) + (system ?? 0)) / 100
    },
    ended,
    terminate: () => void child.kill('SIGTERM'),
  }
}
