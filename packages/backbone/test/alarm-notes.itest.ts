import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeNote } from '@ronda/contracts/testing/make-note'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlarmNotes, openAlarmNotes } from '../src/alarm-notes.ts'
import type { Backbone } from '../src/backbone.ts'
import { openEmbeddedBackbone } from '../src/embedded/embedded.ts'
import { encodeJson } from '../src/record-codec.ts'

let dir: string
let backbone: Backbone
let notes: AlarmNotes
/** When what is appended is. */
let now = 0
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-alarm-notes-'))
  backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e9, now: () => now })
  notes = openAlarmNotes(backbone)
})
afterEach(async () => {
  await backbone.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Notes of one commit, by their times. */
async function write(...times: number[]): Promise<void> {
  now = times.at(-1) ?? now
  const records = times.map((at) => encodeJson(makeNote({ at })))
  await backbone.commit({ appends: [{ stream: 'alarms', records }] })
}

async function timesAfter(time: number): Promise<number[]> {
  const times: number[] = []
  for await (const batch of notes.after(await notes.positionAt(time))) times.push(...batch.notes.map(({ at }) => at))
  return times
}

test('the notes after any time are found, also when the oldest are gone', async () => {
  expect(await timesAfter(0)).toEqual([])
  const written = [
    [10],
    [10, 20, 20],
    [30],
    [30],
    Array.from({ length: 2_500 }, (_, n) => 40 + Math.floor(n / 100)),
    [70],
  ]
  for (const times of written) await write(...times)
  const all = written.flat()
  for (const time of [0, 9, 10, 19, 20, 29, 30, 39, 40, 52, 64, 65, 69, 70, 80]) {
    expect(await timesAfter(time), String(time)).toEqual(all.filter((at) => at > time))
  }

  await backbone.stream('alarms').trim({ before: 30, maxBytes: Infinity })
  expect(await timesAfter(0)).toEqual(all.filter((at) => at >= 30))
  expect(await timesAfter(30)).toEqual(all.filter((at) => at > 30))
})

test('what comes is followed from there on', async () => {
  await write(10, 20)
  const stop = new AbortController()
  const heard: number[] = []
  const position = await notes.positionAt(10)
  await write(30)
  for await (const batch of notes.follow(position, stop.signal)) {
    heard.push(...batch.notes.map(({ at }) => at))
    if (heard.length === 2) await write(40)
    if (heard.includes(40)) stop.abort()
  }
  expect(heard).toEqual([20, 30, 40])
})
