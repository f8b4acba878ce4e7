// Whether what was acknowledged is in the log, each message of a client that behaves once.
import type { Backbone } from '@ronda/backbone/backbone'
import { decodeRecord } from '@ronda/backbone/record-codec'
import type { Cast } from './cast.ts'
import { numberOf } from './sessions.ts'

export interface Acknowledged {
  /** How many messages of the witness; their numbers are 0 to this. */
  ofWitness: number
  /** How many numbers clients that behave have used, and which of these were not acknowledged. */
  ofBehaving: number
  unanswered: ReadonlySet<number>
  /** How many of QoS 1 from those who do not behave. */
  ofOthers: number
}

/** What is missing, in words. */
export async function missingFrom(backbone: Backbone, cast: Cast, acknowledged: Acknowledged): Promise<string[]> {
  const { ofWitness, ofBehaving, unanswered, ofOthers } = acknowledged
  // It may have one more on its way.
  const timesOfWitness = new Uint8Array(ofWitness + 1)
  const timesOfBehaving = new Uint8Array(ofBehaving)
  const timesOf = new Map(cast.behaving.map(({ username }) => [`device:${username}`, timesOfBehaving]))
  timesOf.set(`device:${cast.witness.username}`, timesOfWitness)
  let others = 0
  const log = backbone.stream('log')
  for (let position = 0; ; ) {
    const entries = await log.read(position, { records: 5_000, bytes: 5e7 })
    const last = entries.at(-1)
    if (last === undefined) break
    position = last.position
    for (const entry of entries) {
      const { principal, payload, qos, will } = decodeRecord(entry.record)
      const times = timesOf.get(principal)
      const n = times === undefined ? undefined : numberOf(payload)
      if (times !== undefined && n !== undefined) times[n] = (times[n] ?? 0) + 1
      else if (qos === 1 && !will) others++
    }
  }
  const notOnce = [
    ...[...timesOfWitness.subarray(0, ofWitness).entries()].filter(([, times]) => times !== 1),
    ...[...timesOfBehaving.entries()].filter(([n, times]) => times !== 1 && !unanswered.has(n)),
  ]
  const missing = notOnce
    .slice(0, 10)
    .map(([n, times]) => `message ${n} was acknowledged and is in the log ${times} times`)
  if (others < ofOthers) missing.push(`${ofOthers} other messages were acknowledged, ${others} are in the log`)
  return missing
}
