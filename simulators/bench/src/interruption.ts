// What a run that is interrupted would leave behind: child processes that still measure, and folders of gigabytes.
// Whoever makes one ends or removes it in time; what is there when this process ends goes with it.
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

const children = new Set<ChildProcess>()
const folders: string[] = []

process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  // One of them may have been about to write a file.
  for (const dir of folders) rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
})

/** Signals end this process in order, where otherwise nothing would be ended or removed. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
}

export function endWithThisProcess(child: ChildProcess): void {
  children.add(child)
  child.once('exit', () => children.delete(child))
}

/** Whoever measures in it removes it. */
export function makeTemporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-bench-'))
  folders.push(dir)
  return dir
}
