// A disk of its own for a test, small enough to be filled: a tmpfs, for which one has to be root on Linux.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  /** A folder on it. */
  readonly dir: string
  /** Leaves no more than this. */
  fill(leftBytes: number): void
  /** Takes away what filled it. */
  free(): void
  /** Removes it with all that is on it. */
  remove(): void
}

const fillerChunkBytes = 1024 * 1024

/** Whether this process may make one. */
export function canMakeDisks(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0
}

/** Throws when the system does not allow it. */
export function makeSmallDisk(megabytes: number): SmallDisk {
  const mountPoint = mkdtempSync(join(tmpdir(), 'ronda-disk-'))
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mountPoint], {
    encoding: 'utf8',
  })
  if (status !== 0) {
    rmSync(mountPoint, { recursive: true })
    throw new Error(`a small disk could not be mounted: ${stderr.trim()}`)
  }
  const dir = join(mountPoint, 'data')
  mkdirSync(dir)
  const filler = join(mountPoint, 'filler')
  return {
    dir,
    fill(leftBytes) {
      const { bavail, bsize } = statfsSync(mountPoint)
      const chunk = Buffer.alloc(fillerChunkBytes)
      for (let left = bavail * bsize - leftBytes; left > 0; left -= chunk.length) {
        writeFileSync(filler, chunk.subarray(0, left), { flag: 'a' })
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      // Lazily: what a process still has open must not keep it.
      spawnSync('umount', ['-l', mountPoint])
      rmSync(mountPoint, { recursive: true })
    },
  }
}
