// Sends dead letters again, in the order of the log. Safe to repeat: what is in the store already is not sent, what is
// on its way is not sent twice, and should it come twice all the same (ingest was killed in between), it is the same
// row (rows.ts). What becomes of each the historian writes beside its letter (replayed-messages.ts).
import { setTimeout as delay } from 'node:timers/promises'
import { type Backbone, append } from '@ronda/backbone/backbone'
import { encodeRecord } from '@ronda/backbone/record-codec'
import type { Replay, ReplayResult } from '@ronda/contracts/dead-letter'
import { noSession, recordVersion } from '@ronda/contracts/record'
import { type LetterAt, replayPayload } from './dead-letters.ts'
import type { Historian } from './historian.ts'

/** How long an answer waits for what comes of it. */
const outcomeMs = 5_000
const lookMs = 20

export interface ReplayDeps {
  backbone: Backbone
  historian: Pick<Historian, 'progress'>
  source: string
}

export interface Replays {
  /** What came of the last time, where there was one. */
  outcomeOf(id: string): Promise<Replay | undefined>
  /** Every outcome that is kept, by the letter's id. */
  outcomes(): Promise<ReadonlyMap<string, Replay>>
  /** `by`: as records of the log name them. Throws why the log takes nothing, if it does not; nothing is sent then. */
  send(letters: readonly LetterAt[], by: string): Promise<Omit<ReplayResult, 'next'>>
}

export function isStored(replay: Replay | undefined): boolean {
  return replay?.refused === 0
}

export function createReplays({ backbone, historian, source }: ReplayDeps): Replays {
  const log = backbone.stream('log')
  const bucket = backbone.bucket('dead-letter-replays')
  /** Where in the log those are that were sent; Infinity until that is known. */
  const onTheirWay = new Map<string, number>()

  const passed = () => historian.progress?.cursor.position ?? 0

  async function outcomeOf(id: string): Promise<Replay | undefined> {
    return (await bucket.get(id))?.value
  }

  async function sendOne({ letter }: LetterAt, payload: Uint8Array, by: string): Promise<number> {
    const record = encodeRecord({
      v: recordVersion,
      type: letter.topic.endsWith('/status') ? 'status' : 'telemetry',
      receivedAt: letter.receivedAt,
      source,
      session: noSession,
      principal: by,
      topic: letter.topic,
      qos: 1,
      retain: false,
      dup: false,
      will: false,
      payload,
      replayOf: { position: letter.position, n: letter.n },
    })
    try {
      const position = await append(log, record, { counted: true })
      onTheirWay.set(letter.id, position)
      return position
    } catch (error) {
      onTheirWay.delete(letter.id)
      throw error
    }
  }

  async function passedBy(position: number): Promise<void> {
    const until = performance.now() + outcomeMs
    while (passed() < position && performance.now() < until) await delay(lookMs)
  }

  return {
    outcomeOf,
    async outcomes() {
      return new Map((await bucket.list()).map(({ key, value }) => [key, value]))
    },

    async send(letters, by) {
      const before = await Promise.all(letters.map(({ letter }) => outcomeOf(letter.id)))
      // From here to the last append nothing is awaited: two requests never send the same letter, and their order holds.
      const { blocked } = log
      if (blocked !== undefined) throw blocked
      for (const [id, position] of onTheirWay) if (position <= passed()) onTheirWay.delete(id)
      let already = 0
      let skipped = 0
      const sent: { id: string; position: Promise<number> }[] = []
      const inOrder = letters
        .map((each, index) => ({ each, outcome: before[index] }))
        .toSorted((a, b) => a.each.position - b.each.position)
      for (const { each, outcome } of inOrder) {
        const { id } = each.letter
        const payload = replayPayload(each.letter)
        if (isStored(outcome) || onTheirWay.has(id)) already++
        else if (payload === undefined) skipped++
        else {
          onTheirWay.set(id, Infinity)
          sent.push({ id, position: sendOne(each, payload, by) })
        }
      }
      const positions = await Promise.all(sent.map(({ position }) => position))
      await passedBy(Math.max(0, ...positions))

      const reasons = new Map<NonNullable<Replay['code']>, number>()
      let accepted = 0
      let waiting = 0
      for (const [index, { id }] of sent.entries()) {
        const outcome = (positions[index] ?? Infinity) <= passed() ? await outcomeOf(id) : undefined
        if (outcome === undefined) waiting++
        else if (isStored(outcome)) accepted++
        else if (outcome.code !== undefined) reasons.set(outcome.code, (reasons.get(outcome.code) ?? 0) + 1)
      }
      const refused = sent.length - accepted - waiting
      return {
        replayed: sent.length,
        skipped,
        already,
        accepted,
        refused,
        reasons: Array.from(reasons, ([code, count]) => ({ code, count })),
        waiting,
      }
    },
  }
}
