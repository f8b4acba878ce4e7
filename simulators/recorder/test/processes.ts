// `npm run record` and `npm run replay` as processes, for tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Process {
  child: ChildProcess
  readonly stdout: string
  readonly stderr: string
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>
}

export function run(program: 'record' | 'replay', args: readonly string[], env: Record<string, string> = {}): Process {
  const main = join(import.meta.dirname, '..', 'src', program, 'main.ts')
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return {
    child,
    get stdout() {
      return stdout
    },
    get stderr() {
      return stderr
    },
    // `close` is when all that it said has been read.
    ended: once(child, 'close').then(([code]: (number | null)[]) => code ?? null),
  }
}
