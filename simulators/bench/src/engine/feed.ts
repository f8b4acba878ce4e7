// The log of a normal city, minute by minute, for as long as it is asked for: every device reports once in each. The
// same inputs are stamped anew each time, so that making them costs neither time nor memory while the engine is
// measured.
import type { HeartbeatInput, Input, RegistryInput, TelemetryInput } from '@ronda/faults/engine'
import { type NormalCity, type NormalReading, broker, evening, intervalS } from './normal-city.ts'

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
   * In every second minute, what became due in the first half of a second has waited for its heartbeat: no reading
   * has brought it forward.
   */
  nextMinute(): readonly Input[]
  /** A heartbeat after so long (ms) without anything else. */
  nextBeat(afterMs: number): Input
}

interface Second {
  readings: readonly TelemetryInput[]
  beat: HeartbeatInput
}

/** `perSecond`: the devices report in the first seconds of the minute, so many in each, not evenly spread over it. */
export function createFeed({ devices, readings }: NormalCity, perSecond = readings.length / intervalS): Feed {
  let position = 0
  let time = evening
  let minutes = 0
  const seconds = Array.from({ length: intervalS }, (_, second): Second => {
    const these = readings.slice(Math.ceil(second * perSecond), Math.ceil((second + 1) * perSecond))
    return { readings: these.map(inputOf), beat: newBeat() }
  })
  const orders = [
    seconds.flatMap(({ readings, beat }): Input[] => [...readings, beat]),
    seconds.flatMap(({ readings, beat }): Input[] => [beat, ...readings]),
  ] as const

  function stampReadings(second: Second, { fromMs, forMs }: (typeof windows)[number]): void {
    for (const [n, input] of second.readings.entries()) {
      const at = time + fromMs + Math.floor((n * forMs) / second.readings.length)
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
    nextMinute() {
      const odd = minutes++ % 2 === 1
      for (const second of seconds) {
        stampReadings(second, windows[odd ? 1 : 0])
        second.beat.receivedAt = time + beatMs
        time += secondMs
      }
      const inputs = orders[odd ? 1 : 0]
      for (const input of inputs) input.position = ++position
      return inputs
    },
    nextBeat(afterMs) {
      time += afterMs
      return { ...newBeat(), position: ++position, receivedAt: time }
    },
  }
}

function inputOf({ deviceId, record: { source, session, retain }, object }: NormalReading): TelemetryInput {
  return { type: 'telemetry', position: 0, receivedAt: 0, deviceId, source, session, retain, objects: [object] }
}

function newBeat(): HeartbeatInput {
  return { type: 'heartbeat', position: 0, receivedAt: 0, source: broker, accepting: true }
}
