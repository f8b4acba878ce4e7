// A source's pulse in the log, once a second of stamped time: while it beats, the silence of a device is the
// device's; when it stops or says that it does not accept, silence is ours.
import type { Heartbeat } from '@ronda/contracts/record'
import type { Stream } from './backbone.ts'
import { encodeJson, encodeOwnRecord } from './record-codec.ts'

const beatMs = 1_000

export interface HeartbeatDeps {
  log: Stream
  source: string
  clock: { now(): number; realMs(stampedMs: number): number }
  /** What the source says of itself at this moment. */
  state: () => Heartbeat
}

export interface HeartbeatSource {
  /** One more beat at once, resolved when it is durable. */
  beat(): Promise<void>
  stop(): void
}

export function startHeartbeat({ log, source, clock, state }: HeartbeatDeps): HeartbeatSource {
  function beat(done: () => void): void {
    // A log that takes nothing would only pile up beats; their absence says the same.
    if (log.blocked !== undefined) {
      done()
      return
    }
    const payload = encodeJson(state())
    const record = encodeOwnRecord({ type: 'heartbeat', receivedAt: clock.now(), source, payload })
    log.append(record, { counted: false }, done)
  }

  const timer = setInterval(() => beat(() => {}), clock.realMs(beatMs))
  beat(() => {})
  return {
    beat: () => new Promise((resolve) => beat(resolve)),
    stop: () => clearInterval(timer),
  }
}
