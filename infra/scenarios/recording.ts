// What a run leaves behind: its log, kept whole from the beginning, and what the detector made of it; and the same log
// through fresh engines, which must come to the same faults, however often the detector was ended on its way.
import { isDeepStrictEqual } from 'node:util'
import { type Backbone, openConsumer } from '@ronda/backbone/backbone'
import { openDeviceDirectory } from '@ronda/backbone/device-directory'
import { decodeJson, decodeRecord } from '@ronda/backbone/record-codec'
import type { FaultEvent, FaultRow } from '@ronda/contracts/fault'
import type { Input } from '@ronda/faults/engine'
import { readInput } from '@ronda/ingest/detector'
import type { Listener } from './variants.ts'

/** A consumer that never goes on: trimming waits for it. */
const recorder = 'scenario'
const batch = { records: 5_000, bytes: 8e6 }
const effectsEvery = 5_000

/** From now on nothing of the log is cleared away. To be called before anything is in it. */
export async function keepLog(backbone: Backbone): Promise<void> {
  await openConsumer(backbone, 'log', recorder)
}

/** Faults as rows by id: those that are not closed and those that are. */
type Rows = Map<string, FaultRow>

export interface Outcome {
  events: FaultEvent[]
  rows: Rows
}

/** What the detector told, and what it keeps. */
export async function readOutcome(backbone: Backbone): Promise<Outcome> {
  const events: FaultEvent[] = []
  const stream = backbone.stream('faults')
  for (let after = 0; ; ) {
    const entries = await stream.read(after, batch)
    const last = entries.at(-1)
    if (last === undefined) break
    // The stream's only writer is the detector.
    for (const { record } of entries) events.push(decodeJson(record) as FaultEvent)
    after = last.position
  }
  const open = await backbone.bucket('faults').list()
  const closed = await backbone.bucket('fault-archive').list()
  return { events, rows: new Map([...open, ...closed].map(({ value }) => [value.fault.id, value])) }
}

/** How far the detector has come in the log. */
export async function decidedPosition(backbone: Backbone): Promise<number> {
  return (await backbone.checkpoint('detector'))?.position ?? 0
}

/** The inputs of the log up to and including a position, as the detector reads them. */
export async function* readInputs(backbone: Backbone, until: number): AsyncGenerator<Input> {
  const stopped = new AbortController()
  const devices = await openDeviceDirectory(backbone, { signal: stopped.signal })
  try {
    const stream = backbone.stream('log')
    for (let after = 0; ; ) {
      const entries = await stream.read(after, batch)
      const last = entries.at(-1)
      if (last === undefined) return
      for (const { record, position } of entries) {
        if (position > until) return
        const input = readInput(decodeRecord(record), position, devices.get)
        if (input !== undefined && input.type !== 'unknown-device') yield input
      }
      after = last.position
    }
  } finally {
    stopped.abort()
    await devices.followed
  }
}

/** The same inputs to each of the listeners, from the first to the last; `onInput` is told of each before. */
export async function replay(
  inputs: AsyncIterable<Input>,
  listeners: readonly Listener[],
  onInput: (input: Input) => void = () => {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = listeners.map(() => ({ events: [], rows: new Map() }))
  const take = () => {
    for (const [n, { engine }] of listeners.entries()) {
      const { events, faults } = engine.takeEffects()
      // One by one: there may be more than a call takes arguments.
      for (const event of events) outcomes[n]?.events.push(event)
      for (const [id, row] of faults) outcomes[n]?.rows.set(id, row)
    }
  }
  let count = 0
  for await (const input of inputs) {
    onInput(input)
    for (const { engine, hears } of listeners) if (hears(input)) engine.step(input)
    if (++count % effectsEvery === 0) take()
  }
  take()
  return outcomes
}

/** Where the detector's outcome is another one than that of the whole log at once, in words; empty when nowhere. */
export function differences(told: Outcome, replayed: Outcome): string[] {
  const found: string[] = []
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  if (told.events.length !== replayed.events.length) {
    found.push(`${told.events.length} events were told, ${replayed.events.length} follow from the log`)
  }
  const n = told.events.findIndex((event, index) => !isDeepStrictEqual(event, plain(replayed.events[index] ?? {})))
  const [first, other] = [told.events[n], replayed.events[n]]
  if (first !== undefined) {
    found.push(
      `event ${n} was told as ${textOf(first)}, the log says ${other === undefined ? 'nothing' : textOf(other)}`,
    )
  }
  for (const id of new Set([...told.rows.keys(), ...replayed.rows.keys()])) {
    const [row, again] = [told.rows.get(id), replayed.rows.get(id)]
    if (row === undefined) found.push(`the row ${id} is missing`)
    else if (again === undefined) found.push(`the row ${id} does not follow from the log`)
    else if (!isDeepStrictEqual(plain(row), plain(again))) found.push(`the row ${id} is not as the log says`)
  }
  return found
}

function textOf({ event, fault, source: { position, n } }: FaultEvent): string {
  return `${event} ${fault.id} revision ${fault.revision} at ${position}/${n}`
}
