// A process of its own: how fast the engine takes readings in which nothing is wrong, and what they leave for the
// garbage collector.
import { type Input, createEngine } from '@ronda/faults/engine'
import { median } from '../load/quantiles.ts'
import { createFeed } from './feed.ts'
import { collectGarbage } from './garbage.ts'
import { createNormalCity, intervalS, profile } from './normal-city.ts'
import { threadCpuMs } from './turns.ts'

export interface SpeedOrder {
  devices: number
  /** Of two minutes of the city each. */
  rounds: number
}

export interface SpeedResult {
  /** Of one core, by the processor's time. */
  readingsPerSecond: number
  /** What remains of a reading on the heap until it is collected. */
  bytesPerReading: number
  /** Events of faults, though nothing is wrong. */
  events: number
}

/** The compiler, and the timers of all devices, need as many to be as they will be. */
const warmUpRounds = 2
/** Seconds of which the garbage is measured. */
const samples = 7
/** Decoded one after the other, then timed: few enough to be still at hand, enough for the clock not to show. */
const sliceInputs = 20

process.once('message', (order: SpeedOrder) => {
  process.send?.(run(order), () => process.exit(0))
})

function run({ devices, rounds }: SpeedOrder): SpeedResult {
  const feed = createFeed(createNormalCity(devices))
  const engine = createEngine({ city: profile, epoch: 'bench' })
  let events = 0
  const stepAll = (inputs: readonly Input[]) => {
    for (const input of inputs) engine.step(input)
  }
  const take = () => void (events += engine.takeEffects().events.length)

  /** What is stepped has been decoded just before, as in the detector. Timers ring in every second minute. */
  function measureRound(): number {
    let ms = 0
    for (let second = 0; second < 2 * intervalS; second++) {
      const inputs = feed.nextSecond()
      for (let begin = 0; begin < inputs.length; begin += sliceInputs) {
        const slice = inputs.slice(begin, begin + sliceInputs)
        slice.forEach(feed.decode)
        const before = threadCpuMs()
        stepAll(slice)
        ms += threadCpuMs() - before
      }
      if (second % intervalS === 0) take()
    }
    return (2 * devices * 1_000) / ms
  }

  function measureBytes(): number {
    const inputs = feed.nextSecond()
    inputs.forEach(feed.decode)
    collectGarbage()
    const before = process.memoryUsage().heapUsed
    stepAll(inputs)
    return (process.memoryUsage().heapUsed - before) / inputs.length
  }

  stepAll(feed.registrations())
  take()
  for (let round = 0; round < warmUpRounds; round++) measureRound()
  const rates = Array.from({ length: rounds }, measureRound)
  const bytes = Array.from({ length: samples }, measureBytes)
  take()
  return { readingsPerSecond: median(rates), bytesPerReading: median(bytes), events }
}
