// Whether a run keeps up with its own speed. At sixty times the speed a second of a busy machine is a minute of the
// city: beyond the scenario's slack nothing can be said about what the system should have found when.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Input } from '@ronda/faults/engine'
import type { Clock } from '@ronda/runtime/clock'
import { until } from '../soak/until.ts'

/** Stamped ms. */
export interface SampledLag {
  /** The most by which the simulated devices were late. */
  devicesMs: number
  /** The most that connecting again took, after a service was back. */
  returnMs: number
  /**
   * The least by which log time was behind in the last quarter of the run: a detector that is started anew again and
   * again catches up in between, one that is too slow does not.
   */
  detectorMs: number
}

export interface Lag extends SampledLag {
  /** The most between a device's sending and the broker's receiving. */
  transportMs: number
  /** The most that an acknowledgement took: so long the next reading of the device waits. */
  acknowledgingMs: number
}

export interface LagWatch {
  /** Waits until it holds, and notes how long that took. */
  whileReturning(isBack: () => boolean): Promise<void>
  stop(): SampledLag
}

export interface LagDeps {
  backbone: Backbone
  clock: Clock
  /** Stamped ms in one of ours. */
  speed: number
}

/** These are real. */
const sampleMs = 100
/** The detector says how far it is this often, or after each batch. */
const statusMs = 1_000
const longestReturnMs = 60_000

/** In the process of the devices, from before they connect. */
export function watchLag({ backbone, clock, speed }: LagDeps): LagWatch {
  let devicesMs = 0
  let returnMs = 0
  const detectorMs: number[] = []
  let sampledAt = performance.now()
  let isAsking = false

  const timer = setInterval(() => {
    const now = performance.now()
    devicesMs = Math.max(devicesMs, (now - sampledAt - sampleMs) * speed)
    sampledAt = now
    if (!isAsking) void ask()
  }, sampleMs)

  async function ask(): Promise<void> {
    isAsking = true
    const status = await backbone.bucket('system').get('detector')
    if (status !== undefined) detectorMs.push(Math.max(0, clock.now() - status.value.logTime - statusMs * speed))
    isAsking = false
  }

  return {
    async whileReturning(isBack) {
      const from = clock.now()
      await until(isBack, AbortSignal.timeout(longestReturnMs))
      returnMs = Math.max(returnMs, clock.now() - from)
    },
    stop() {
      clearInterval(timer)
      const last = detectorMs.slice(Math.floor(0.75 * detectorMs.length))
      return { devicesMs, returnMs, detectorMs: last.length === 0 ? 0 : Math.min(...last) }
    },
  }
}

/** Of the messages that were received between two stamped times, as the log has them; not of those whose clock is wrong. */
export function watchTransport(
  from: number,
  to: number,
  isClockWrong: (deviceId: string) => boolean,
): { see(input: Input): void; readonly mostMs: number } {
  let mostMs = 0
  return {
    see(input) {
      if (input.type !== 'telemetry' || input.receivedAt < from || input.receivedAt > to) return
      if (isClockWrong(input.deviceId)) return
      for (const { sentAt } of input.objects) {
        if (sentAt !== undefined) mostMs = Math.max(mostMs, input.receivedAt - sentAt)
      }
    },
    get mostMs() {
      return mostMs
    },
  }
}

/** Why nothing can be said of the run, in words; undefined when it kept up. */
export function fellBehind(
  { devicesMs, transportMs, acknowledgingMs, returnMs, detectorMs }: Lag,
  slackMs: number,
): string | undefined {
  const parts = [
    ['the simulated devices were', devicesMs],
    ['messages on their way were', transportMs],
    ['acknowledgements were', acknowledgingMs],
    ['devices that connect again were', returnMs],
    ['log time was', detectorMs],
  ] as const
  const late = parts.filter(([, ms]) => ms > slackMs).map(([what, ms]) => `${what} ${Math.round(ms / 1_000)} s late`)
  return late.length === 0
    ? undefined
    : `${late.join(', ')}, where ${Math.round(slackMs / 1_000)} s are allowed for: nothing can be said at this speed, try a lower --speed`
}
