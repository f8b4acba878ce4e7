// The broker's part of the audit trail: who connected, what was refused, whose session was ended. The same again
// and again, as from a device with a wrong token, is one entry a minute with its number of times. It never holds
// anybody up: while the trail takes nothing, entries are dropped and counted.
import type { Stream } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { ErrorCode } from '@ronda/contracts/errors'
import type { Counters } from './counters.ts'

const windowMs = 60_000
/** Different things that are gathered at a time; beyond, they are told as what they have in common. */
const mostGathered = 10_000
const mostTextLength = 200

export interface Trail {
  connected(who: string, address: string | undefined): void
  /** `who` as it called itself; `what` it wanted. */
  refused(who: string | undefined, did: string, what: string, code: ErrorCode, address?: string): void
  ended(who: string | undefined, code: ErrorCode): void
  heldBack(who: string, code: ErrorCode): void
  /** Tells what it has gathered. */
  flush(): void
  stop(): void
}

export interface TrailDeps {
  stream: Stream
  counters: Counters
  /** ms UTC of stamped time. */
  now: () => number
}

export function createTrail({ stream, counters, now }: TrailDeps): Trail {
  /** Of this minute: the first was told at once, the others wait for its end. */
  const gathered = new Map<string, AuditEntry & { times: number }>()

  function note(entry: Omit<AuditEntry, 'at' | 'times'>): void {
    const { who, did, what, address = '', code = '' } = entry
    const key = [who, did, what, address, code].join('\n')
    const known = gathered.get(key)
    if (known !== undefined) {
      if (known.times++ === 0) known.at = now()
      return
    }
    if (gathered.size >= mostGathered && who !== others) {
      // Somebody makes up names: what they are is not worth the room.
      note({ who: others, did, what: '', ...(code === '' ? {} : { code }) })
      return
    }
    const first = { at: now(), ...entry }
    gathered.set(key, { ...first, times: 0 })
    tell(first)
  }

  function tell(entry: AuditEntry): void {
    if (stream.blocked !== undefined) counters.untold()
    else stream.append(encodeJson(entry), { counted: true }, () => {})
  }

  function flush(): void {
    for (const entry of gathered.values()) if (entry.times > 0) tell(entry)
    gathered.clear()
  }

  const timer = setInterval(flush, windowMs)
  return {
    connected: (who, address) => note({ who, did: 'connected', what: '', ...from(address) }),
    refused: (who, did, what, code, address) =>
      note({ who: cut(who ?? ''), did: `was refused to ${did}`, what: cut(what), code, ...from(address) }),
    ended: (who, code) => note({ who: who ?? '', did: 'was disconnected', what: '', code }),
    heldBack: (who, code) => note({ who, did: 'was held back', what: '', code }),
    flush,
    stop: () => clearInterval(timer),
  }
}

const others = 'others'

function from(address: string | undefined): { address?: string } {
  return address === undefined ? {} : { address }
}

/** Whoever is refused may have sent anything. */
function cut(text: string): string {
  return text.length > mostTextLength ? `${text.slice(0, mostTextLength)}…` : text
}
