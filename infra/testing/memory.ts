// How much the memory of processes grows, as Linux counts it: what is their own, without the pages of mapped files, which
// the log's are.
import { readFileSync } from 'node:fs'

export interface MemoryWatch {
  /** The most that one of them has grown; undefined where it cannot be seen. */
  readonly growthBytes: number | undefined
  stop(): void
}

const pollMs = 200
/**
 * A fresh process grows by some 200 MB in its first minute under load. A backlog kept in memory is beyond this within
 * minutes: short rounds tell nothing of it, long ones do.
 */
const mostGrowthBytes = 512 * 1024 * 1024

export function watchMemory(pids: readonly number[]): MemoryWatch {
  const first = pids.map(ownBytes)
  let growthBytes = first.includes(undefined) ? undefined : 0
  const timer = setInterval(() => {
    for (const [i, pid] of pids.entries()) {
      const now = ownBytes(pid)
      const before = first[i]
      if (now !== undefined && before !== undefined && growthBytes !== undefined) {
        growthBytes = Math.max(growthBytes, now - before)
      }
    }
  }, pollMs)
  return {
    get growthBytes() {
      return growthBytes
    },
    stop: () => clearInterval(timer),
  }
}

/** Says how much it grew; what was promised of it and does not hold, in words. */
export function breachOfMemory({ growthBytes }: MemoryWatch, say: (line: string) => void): string[] {
  if (growthBytes === undefined) {
    say('  memory is not measured on this system')
    return []
  }
  const grown = `memory grew by ${Math.round(growthBytes / 1e6)} MB`
  say(`  ${grown} at most`)
  return growthBytes > mostGrowthBytes ? [grown] : []
}

function ownBytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024
  } catch {
    return undefined
  }
}
