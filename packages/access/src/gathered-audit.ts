// The audit trail for what may happen any number of times a second, such as wrong passwords: the same again and
// again is one entry a minute with its number of times. It never holds anybody up: while the trail takes nothing,
// entries are dropped, and whoever keeps it counts them.
import type { Stream } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'

const windowMs = 60_000

export interface GatheredAuditDeps {
  stream: Stream
  /** Different things that are told in a minute; beyond, they are told as what they have in common. */
  most: number
  onDropped: () => void
  /** ms UTC of stamped time. */
  now: () => number
}

export interface GatheredAudit {
  /** The first of each in a minute is told at once, the others wait for its end. */
  note(entry: Omit<AuditEntry, 'at' | 'times'>): void
  /** Tells what it has gathered. */
  flush(): void
  stop(): void
}

type Note = Omit<AuditEntry, 'at' | 'times'>

export function createGatheredAudit({ stream, most, onDropped, now }: GatheredAuditDeps): GatheredAudit {
  const entries = new Map<string, AuditEntry & { times: number }>()

  function again(entry: Note): boolean {
    const before = entries.get(keyOf(entry))
    if (before === undefined) return false
    if (before.times++ === 0) before.at = now()
    return true
  }

  function first(entry: Note): void {
    const told = { at: now(), ...entry }
    entries.set(keyOf(entry), { ...told, times: 0 })
    tell(told)
  }

  function tell(entry: AuditEntry): void {
    if (stream.blocked !== undefined) onDropped()
    else stream.append(encodeJson(entry), { counted: true }, () => {})
  }

  function flush(): void {
    for (const entry of entries.values()) if (entry.times > 0) tell(entry)
    entries.clear()
  }

  const timer = setInterval(flush, windowMs)
  return {
    note(entry) {
      if (again(entry)) return
      if (entries.size < most) {
        first(entry)
        return
      }
      // What is made up without end is not worth the room.
      const { did, code } = entry
      const common = { who: 'others', did, what: '', ...(code === undefined ? {} : { code }) }
      if (!again(common)) first(common)
    },
    flush,
    stop: () => clearInterval(timer),
  }
}

function keyOf({ who, did, what, address = '', code = '' }: Note): string {
  return [who, did, what, address, code].join('\n')
}
