// A process of its own: how long a heartbeat takes that brings the timers of very many devices forward; and the
// state of these devices, written down for whoever measures that.
import { closeSync, openSync, writeSync } from 'node:fs'
import { type Engine, createEngine } from '@ronda/faults/engine'
import { type Quantiles, quantilesOf } from '../load/quantiles.ts'
import { type Feed, createFeed } from './feed.ts'
import { createNormalCity, intervalS, profile } from './normal-city.ts'

export interface TicksOrder {
  devices: number
  minutes: number
  /** Where a device each line of JSON is written to. */
  rowsFile: string
}

/** ms a tick. */
export interface TicksResult {
  /** While the devices report, evenly spread: as many are due as fall into a second. */
  usual: Quantiles
  /** Nothing is due. */
  idle: Quantiles
  /** Several thousand devices are due at once. */
  lockstep: Quantiles
}

/** Timers ring after three minutes for the first time, then in every other minute. */
const warmUpMinutes = 3
/** Devices that report in the same second, as after a power cut. */
const atOnce = 5_000

process.once('message', (order: TicksOrder) => {
  process.send?.(run(order), () => process.exit(0))
})

function run({ devices, minutes, rowsFile }: TicksOrder): TicksResult {
  const city = createNormalCity(devices)
  const rows = new Map<string, unknown>()

  function begin(perSecond?: number): { engine: Engine; feed: Feed } {
    const feed = createFeed(city, perSecond === undefined ? {} : { perSecond })
    const engine = createEngine({ city: profile, epoch: 'bench' })
    for (const input of feed.registrations()) engine.step(input)
    while (feed.seconds < warmUpMinutes * intervalS) for (const input of feed.nextSecond()) engine.step(input)
    return { engine, feed }
  }

  /** The ticks of those minutes in which much is due; the state is taken once a minute. */
  function measure({ engine, feed }: ReturnType<typeof begin>, isBusy: (second: number) => boolean): number[] {
    const ticks: number[] = []
    for (let minute = 0; minute < 2 * minutes; minute++) {
      for (const row of engine.takeEffects().state) rows.set(row.key, row.value)
      for (let second = 0; second < intervalS; second++) {
        for (const input of feed.nextSecond()) {
          if (input.type !== 'heartbeat') engine.step(input)
          else {
            const tookMs = timed(() => engine.step(input))
            if (minute % 2 === 0 && isBusy(second)) ticks.push(tookMs)
          }
        }
      }
    }
    return ticks
  }

  const spread = begin()
  const usual = measure(spread, () => true)
  // The minute in which nothing is due is the next.
  for (let second = 0; second < intervalS; second++) spread.feed.nextSecond().forEach(spread.engine.step)
  const idle = Array.from({ length: minutes * intervalS }, () => {
    const beat = spread.feed.nextBeat(1)
    return timed(() => spread.engine.step(beat))
  })
  const lockstep = measure(begin(atOnce), (second) => second < devices / atOnce)
  write(rowsFile, rows)
  return { usual: quantilesOf(usual), idle: quantilesOf(idle), lockstep: quantilesOf(lockstep) }
}

function timed(act: () => void): number {
  const startedAt = performance.now()
  act()
  return performance.now() - startedAt
}

function write(file: string, rows: ReadonlyMap<string, unknown>): void {
  const fd = openSync(file, 'w', 0o600)
  for (const [key, value] of rows) writeSync(fd, `${JSON.stringify({ key, value })}\n`)
  closeSync(fd)
}
