// The log of a normal city, second by second, for as long as it is asked for: every device reports once a minute.
import type { HeartbeatInput, Input, RegistryInput, TelemetryInput } from '@ronda/faults/engine'
import { type NormalCity, type NormalMessage, broker, evening, intervalS } from './normal-city.ts'

const secondMs = 1_000
/** Readings come in the first part of a second in one minute, and in the last part in the next. */
const windows = [
  { fromMs: 0, forMs: 300 },
  { fromMs: 600, forMs: 300 },
] as const
/** The broker beats between the two. */
const beatMs = 500

export interface Feed {
  /** The devices' registrations, before anything else. */
  registrations(): Input[]
  /**
   * The next second, stamped in place: what was given for the same second of the minute before is not that any more.
   * In every second minute, what became due in the first half of a second has waited for its heartbeat: no reading
   * has brought it forward.
   */
  nextSecond(): readonly Input[]
  /** Decodes anew what was stamped, as the detector does it just before each step. */
  decode(input: Input): void
  /** Since the beginning. */
  readonly seconds: number
  /** A heartbeat after so long (ms) without anything else. */
  nextBeat(afterMs: number): Input
}

export interface FeedOptions {
  /** The devices report in the first seconds of the minute, so many in each; evenly spread over it when absent. */
  perSecond?: number
}

interface Second {
  readings: readonly TelemetryInput[]
  beat: HeartbeatInput
  /** In the order of even and of odd minutes. */
  orders: readonly [Input[], Input[]]
}

export function createFeed({ devices, messages }: NormalCity, options: FeedOptions = {}): Feed {
  const { perSecond = messages.length / intervalS } = options
  const messageOf = new Map<Input, NormalMessage>()
  let position = 0
  let time = evening
  let seconds = 0
  const minute = Array.from({ length: intervalS }, (_, second): Second => {
    const these = messages.slice(Math.ceil(second * perSecond), Math.ceil((second + 1) * perSecond))
    const readings = these.map((message) => {
      const input = inputOf(message)
      messageOf.set(input, message)
      return input
    })
    const beat = newBeat()
    return {
      readings,
      beat,
      orders: [
        [...readings, beat],
        [beat, ...readings],
      ],
    }
  })

  function stamp({ readings }: Second, { fromMs, forMs }: (typeof windows)[number]): void {
    for (const [n, input] of readings.entries()) {
      const at = time + fromMs + Math.floor((n * forMs) / readings.length)
      input.receivedAt = at
      for (const object of input.objects) object.ts = at
    }
  }

  return {
    registrations: () =>
      devices.map((device): RegistryInput => {
        const change = { change: 'registered', device, by: 'bench' } as const
        return { type: 'registry', position: ++position, receivedAt: time, change }
      }),
    nextSecond() {
      const odd = Math.floor(seconds / intervalS) % 2 === 1 ? 1 : 0
      const second = minute[seconds % intervalS]
      if (second === undefined) throw new Error('a minute has 60 seconds')
      seconds++
      stamp(second, windows[odd])
      second.beat.receivedAt = time + beatMs
      time += secondMs
      const inputs = second.orders[odd]
      for (const input of inputs) input.position = ++position
      return inputs
    },
    decode(input) {
      const message = messageOf.get(input)
      if (input.type === 'telemetry' && message !== undefined) input.objects = [message.decode(input.receivedAt)]
    },
    get seconds() {
      return seconds
    },
    nextBeat(afterMs) {
      time += afterMs
      return { ...newBeat(), position: ++position, receivedAt: time }
    },
  }
}

function inputOf({ deviceId, record: { source, session, retain, receivedAt }, decode }: NormalMessage): TelemetryInput {
  const objects = [decode(receivedAt)]
  return { type: 'telemetry', position: 0, receivedAt, deviceId, source, session, retain, objects }
}

function newBeat(): HeartbeatInput {
  return { type: 'heartbeat', position: 0, receivedAt: 0, source: broker, accepting: true }
}
