// What a process has used of the machine, as the kernel accounts for it: processor time and resident memory.
import { readFileSync } from 'node:fs'

export interface Usage {
  /** Of all its threads since it began, in user mode and in the kernel's. */
  cpuMs: number
  rssBytes: number
}

/** The kernel counts in hundredths of a second, whatever the machine (USER_HZ). */
const tickMs = 10
const nothing: Usage = { cpuMs: Number.NaN, rssBytes: Number.NaN }

/** NaN where the system does not tell. */
export function usageOf(pid: number): Usage {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything; utime and stime are the 14th and 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs, rssBytes: Number(kb) * 1024 }
  } catch {
    return nothing
  }
}
