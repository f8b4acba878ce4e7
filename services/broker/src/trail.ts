// Who connected, what was refused, whose connection was ended: counted, and told in the audit trail. The same again
// and again, as from a device with a wrong token, is one entry a minute with its number of times. It never holds
// anybody up: while the trail takes nothing, entries are dropped and counted.
import type { Stream } from '@ronda/backbone/backbone'
import { encodeJson } from '@ronda/backbone/record-codec'
import type { AuditEntry } from '@ronda/contracts/audit'
import type { ErrorCode } from '@ronda/contracts/errors'
import { servicePrefix } from '@ronda/contracts/service-principal'
import { DeviceId } from '@ronda/contracts/topics'
import type { Counters } from './counters.ts'

const windowMs = 60_000
/** Different things that are told in a minute; beyond, they are told as what they have in common. */
const mostOfKnown = 10_000
/** Of those who have not signed in: they may make up as many names as they like, and the trail is kept for long. */
const mostOfStrangers = 100
const mostTextLength = 200

export interface Trail {
  connected(who: string, address: string | undefined): void
  /** Somebody who has not signed in. `username`: as it called itself, told only if it could be one. */
  turnedAway(username: string | undefined, what: string, code: ErrorCode, address: string | undefined): void
  /** A principal that wanted to do something with `what`. */
  refused(who: string, did: string, what: string, code: ErrorCode, address?: string): void
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

/** Of this minute: the first of each is told at once, the others wait for its end. */
interface Gathering {
  readonly most: number
  readonly entries: Map<string, AuditEntry & { times: number }>
}

type Note = Omit<AuditEntry, 'at' | 'times'>

export function createTrail({ stream, counters, now }: TrailDeps): Trail {
  const known: Gathering = { most: mostOfKnown, entries: new Map() }
  const strangers: Gathering = { most: mostOfStrangers, entries: new Map() }

  function note({ most, entries }: Gathering, entry: Note): void {
    if (again(entries, entry)) return
    if (entries.size < most) first(entries, entry)
    else {
      // What is made up without end is not worth the room.
      const { did, code } = entry
      const common = { who: 'others', did, what: '', ...(code === undefined ? {} : { code }) }
      if (!again(entries, common)) first(entries, common)
    }
  }

  function again(entries: Gathering['entries'], entry: Note): boolean {
    const before = entries.get(keyOf(entry))
    if (before === undefined) return false
    if (before.times++ === 0) before.at = now()
    return true
  }

  function first(entries: Gathering['entries'], entry: Note): void {
    const told = { at: now(), ...entry }
    entries.set(keyOf(entry), { ...told, times: 0 })
    tell(told)
  }

  function tell(entry: AuditEntry): void {
    if (stream.blocked !== undefined) counters.untold()
    else stream.append(encodeJson(entry), { counted: true }, () => {})
  }

  function flush(): void {
    for (const { entries } of [known, strangers]) {
      for (const entry of entries.values()) if (entry.times > 0) tell(entry)
      entries.clear()
    }
  }

  const timer = setInterval(flush, windowMs)
  return {
    connected(who, address) {
      counters.connected()
      note(known, { who, did: 'connected', what: '', ...from(address) })
    },
    turnedAway(username, what, code, address) {
      counters.refused(code)
      note(strangers, { who: nameShown(username), did: 'was refused to connect', what, code, ...from(address) })
    },
    refused(who, did, what, code, address) {
      counters.refused(code)
      note(known, { who, did: `was refused to ${did}`, what: cut(what), code, ...from(address) })
    },
    ended(who, code) {
      counters.refused(code)
      note(known, { who: who ?? '', did: 'was disconnected', what: '', code })
    },
    heldBack(who, code) {
      counters.paced()
      note(known, { who, did: 'was held back', what: '', code })
    },
    flush,
    stop: () => clearInterval(timer),
  }
}

function keyOf({ who, did, what, address = '', code = '' }: Note): string {
  return [who, did, what, address, code].join('\n')
}

/** Who confuses the fields may have sent a token as the user name. */
function nameShown(username: string | undefined): string {
  const id = username?.startsWith(servicePrefix) === true ? username.slice(servicePrefix.length) : username
  return username !== undefined && DeviceId.safeParse(id).success ? username : ''
}

function from(address: string | undefined): { address?: string } {
  return address === undefined ? {} : { address }
}

/** Whoever is refused may have sent anything. */
function cut(text: string): string {
  return text.length > mostTextLength ? `${text.slice(0, mostTextLength)}…` : text
}
