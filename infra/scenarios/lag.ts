// Whether a run keeps up with its own speed. At sixty times the speed a second of a busy machine is a minute of the
// city: beyond the scenario's slack nothing can be said about what the system should have found when.
import type { Backbone } from '@ronda/backbone/backbone'
import type { Input } from '@ronda/faults/engine'
import type { Clock } from '@ronda/runtime/clock'
import { until } from '../soak/until.ts'

/** Stamped ms. */
export interface SampledLag {
  /** The most by which anything was late before the timeline began. */
  startMs: number
  /** The most by which the simulated devices were late. */
  devicesMs: number
  /** The most that an acknowledgement took: so long the next reading of the device waits. */
  acknowledgingMs: number
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
}

export interface LagWatch {
  /** A message was acknowledged after so many stamped ms. */
  acknowledged(tookMs: number): void
  /** The timeline begins. */
  begin(): void
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
  let startMs = 0
  let devicesMs = 0
  let acknowledgingMs = 0
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
    acknowledged(tookMs) {
      acknowledgingMs = Math.max(acknowledgingMs, tookMs)
    },
    begin() {
      startMs = Math.max(devicesMs, acknowledgingMs)
      devicesMs = 0
      acknowledgingMs = 0
    },
    async whileReturning(isBack) {
      const from = clock.now()
      await until(isBack, AbortSignal.timeout(longestReturnMs))
      returnMs = Math.max(returnMs, clock.now() - from)
    },
    stop() {
      clearInterval(timer)
      const last = detectorMs.slice(Math.floor(0.75 * detectorMs.length))
      return { startMs, devicesMs, acknowledgingMs, returnMs, detectorMs: last.length === 0 ? 0 : Math.min(...last) }
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

export interface Allowed {
  /** Of the timeline. */
  slackMs: number
  /** Before it: devices that wait for so long in the beginning would be missed. */
  startMs: number
}

/** Why nothing can be said of the run, in words; undefined when it kept up. */
export function fellBehind(lag: Lag, { slackMs, startMs }: Allowed): string | undefined {
  const parts = [
    ['before the timeline began devices were', lag.startMs, startMs],
    ['the simulated devices were', lag.devicesMs, slackMs],
    ['messages on their way were', lag.transportMs, slackMs],
    ['acknowledgements were', lag.acknowledgingMs, slackMs],
    ['devices that connect again were', lag.returnMs, slackMs],
    ['log time was', lag.detectorMs, slackMs],
  ] as const
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`
  const late = parts.filter(([, ms, allowedMs]) => ms > allowedMs)
  if (late.length === 0) return undefined
  const how = late.map(([what, ms, allowedMs]) => `${what} ${seconds(ms)} late (${seconds(allowedMs)} are allowed for)`)
  return `${how.join(', ')}: nothing can be said at this speed, try a lower --speed`
}
