// Who connected, what was refused, whose connection was ended: counted, and told in the audit trail.
import { createGatheredAudit } from '@ronda/access/gathered-audit'
import type { Stream } from '@ronda/backbone/backbone'
import type { ErrorCode } from '@ronda/contracts/errors'
import { servicePrefix } from '@ronda/contracts/service-principal'
import { DeviceId } from '@ronda/contracts/topics'
import type { Counters } from './counters.ts'

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

export function createTrail({ stream, counters, now }: TrailDeps): Trail {
  const onDropped = counters.untold
  const known = createGatheredAudit({ stream, most: mostOfKnown, onDropped, now })
  const strangers = createGatheredAudit({ stream, most: mostOfStrangers, onDropped, now })

  return {
    connected(who, address) {
      counters.connected()
      known.note({ who, did: 'connected', what: '', ...from(address) })
    },
    turnedAway(username, what, code, address) {
      counters.refused(code)
      strangers.note({ who: nameShown(username), did: 'was refused to connect', what, code, ...from(address) })
    },
    refused(who, did, what, code, address) {
      counters.refused(code)
      known.note({ who, did: `was refused to ${did}`, what: cut(what), code, ...from(address) })
    },
    ended(who, code) {
      counters.refused(code)
      known.note({ who: who ?? '', did: 'was disconnected', what: '', code })
    },
    heldBack(who, code) {
      counters.paced()
      known.note({ who, did: 'was held back', what: '', code })
    },
    flush() {
      known.flush()
      strangers.flush()
    },
    stop() {
      known.stop()
      strangers.stop()
    },
  }
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
