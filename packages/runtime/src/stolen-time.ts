// How much of the processor time that a virtual machine asks for its host gives to others (steal). What is measured on
// a shared machine says little without it.
import { readFileSync } from 'node:fs'

interface ProcessorTime {
  /** Ticks in which something ran or was to run. */
  asked: number
  stolen: number
}

/** Begins now; what it gives then is a share from 0 to 1, undefined where the system does not tell. */
export function watchStolenTime(): () => number | undefined {
  const before = readTime()
  return () => {
    const now = readTime()
    if (before === undefined || now === undefined) return undefined
    const asked = now.asked - before.asked
    return asked === 0 ? 0 : (now.stolen - before.stolen) / asked
  }
}

/** For people, such as `7 %`. */
export function wordsOfShare(share: number): string {
  return `${Math.round(100 * share)} %`
}

function readTime(): ProcessorTime | undefined {
  try {
    return processorTimeOf(readFileSync('/proc/stat', 'utf8'))
  } catch {
    return undefined
  }
}

/** Of the text of /proc/stat, since the machine began. */
export function processorTimeOf(stat: string): ProcessorTime | undefined {
  const [, fields] = /^cpu +(.*)$/m.exec(stat) ?? []
  if (fields === undefined) return undefined
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = fields.split(' ').map(Number)
  return { asked: user + nice + system + irq + softirq + stolen, stolen }
}
