// What a process has used of the machine, as the kernel accounts for it: processor time and resident memory.
import { readFileSync } from 'node:fs'

export interface Usage {
  /** Of all its threads since it began, in user mode and in the kernel's. */
  cpuMs: number
  rssBytes: number
  /** Of that, its own: heap and buffers, without programs and files that are mapped into it (RssAnon). */
  ownBytes: number
}

/** The kernel counts in hundredths of a second, whatever the machine (USER_HZ). */
const tickMs = 10
const nothing: Usage = { cpuMs: Number.NaN, rssBytes: Number.NaN, ownBytes: Number.NaN }

/** NaN where the system does not tell. */
export function usageOf(pid: number): Usage {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything; utime and stime are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
      rssBytes: bytesOf(status, 'VmRSS'),
      ownBytes: bytesOf(status, 'RssAnon'),
    }
  } catch {
    return nothing
  }
}

function bytesOf(status: string, name: string): number {
  const [, kb] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? []
  return Number(kb) * 1_024
}
