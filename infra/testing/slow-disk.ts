// A disk of its own for a test, whose syncs can be made slow while the rest of the machine is as fast as ever: an ext4
// on a loop device, on a file of FUSE that is the block device of memory-disk.ts. Linux, root, and nbdfuse are needed.
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isInstalled } from './servers.ts'
import { canMakeDisks } from './small-disk.ts'

export interface SlowDisk {
  /** A folder on it. */
  readonly dir: string
  /** From now on every sync takes so much longer; 0 to begin with. */
  delaySyncs(ms: number): void
  /** Removes it with all that is on it. */
  remove(): Promise<void>
}

const pollMs = 20
const patienceMs = 5_000

/** Whether this process may make one. */
export function canMakeSlowDisks(): boolean {
  const devices = ['/dev/fuse', '/dev/loop-control']
  return canMakeDisks() && isInstalled('nbdfuse') && devices.every((device) => existsSync(device))
}

/** Throws when the system does not allow it. */
export async function makeSlowDisk(megabytes: number): Promise<SlowDisk> {
  const base = mkdtempSync(join(tmpdir(), 'ronda-slow-disk-'))
  const [device, mountPoint, socket] = [join(base, 'device'), join(base, 'disk'), join(base, 'nbd.sock')]
  for (const folder of [device, mountPoint]) mkdirSync(folder)
  const file = join(device, 'disk')

  const memory = fork(join(import.meta.dirname, 'memory-disk.ts'), [socket, String(megabytes)])
  await once(memory, 'message')
  // In a group of its own, which Ctrl-C does not reach.
  const fuse = spawn('nbdfuse', [file, '--unix', socket], { stdio: 'ignore', detached: true })

  async function remove(): Promise<void> {
    memory.send(0)
    // Lazily: what a process still has open must not keep it.
    for (const each of [mountPoint, device]) spawnSync('umount', ['-l', each])
    await ended(fuse)
    memory.disconnect()
    await ended(memory)
    rmSync(base, { recursive: true })
  }

  try {
    for (const until = Date.now() + patienceMs; !existsSync(file); await delay(pollMs)) {
      if (Date.now() > until || fuse.exitCode !== null) throw new Error('nbdfuse did not show the disk')
    }
    // A disk in memory has nothing to discard.
    run('mkfs.ext4', '-q', '-F', '-E', 'nodiscard', file)
    run('mount', '-o', 'loop', file, mountPoint)
  } catch (error) {
    await remove()
    throw error
  }
  const dir = join(mountPoint, 'data')
  mkdirSync(dir)
  return { dir, delaySyncs: (ms) => void memory.send(ms), remove }
}

function run(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`a slow disk could not be made: ${program}: ${error?.message ?? stderr.trim()}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
