// A process of its own: how fast the engine takes readings in which nothing is wrong, and what they leave for the
// garbage collector.
import { type Input, createEngine } from '@ronda/faults/engine'
import { createFeed } from './feed.ts'
import { collectGarbage } from './garbage.ts'
import { createNormalCity, profile } from './normal-city.ts'

export interface SpeedOrder {
  devices: number
  rounds: number
}

export interface SpeedResult {
  /** By the processor's time. */
  readingsPerSecond: number
  /** What remains of a reading on the heap until it is collected. */
  bytesPerReading: number
  /** Events of faults, though nothing is wrong. */
  events: number
}

/** The processor's time is told in steps of some milliseconds: a round has to be much longer. */
const minutesInRound = 5
/** Few enough to be allocated before the collector runs. */
const readingsAtOnce = 10_000

process.once('message', (order: SpeedOrder) => {
  process.send?.(run(order), () => process.exit(0))
})

function run({ devices, rounds }: SpeedOrder): SpeedResult {
  const city = createNormalCity(devices)
  const feed = createFeed(city)
  const engine = createEngine({ city: profile, epoch: 'bench' })
  let events = 0
  const stepAll = (inputs: readonly Input[]) => {
    for (const input of inputs) engine.step(input)
  }
  const take = () => void (events += engine.takeEffects().events.length)

  /** Readings a second over the whole round; the state is taken once a minute. */
  function measureRound(): number {
    let us = 0
    for (let minute = 0; minute < minutesInRound; minute++) {
      const inputs = feed.nextMinute()
      const before = cpuUs()
      stepAll(inputs)
      us += cpuUs() - before
      take()
    }
    return (minutesInRound * devices) / (us / 1e6)
  }

  function measureBytes(): number {
    const inputs = feed.nextMinute()
    const part = inputs.slice(0, readingsAtOnce)
    take()
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    stepAll(part)
    const bytes = process.memoryUsage().heapUsed - before
    stepAll(inputs.slice(readingsAtOnce))
    take()
    return bytes / readingsAtOnce
  }

  stepAll(feed.registrations())
  take()
  // The compiler, and the timers of all devices, need some minutes to be as they will be.
  measureRound()
  const rates = Array.from({ length: rounds }, measureRound)
  const bytes = Array.from({ length: rounds }, measureBytes)
  return { readingsPerSecond: median(rates), bytesPerReading: median(bytes), events }
}

function cpuUs(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
