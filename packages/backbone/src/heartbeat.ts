// A source's pulse. In the log, once a second of stamped time, it tells the detector whose silence it is: while it
// beats, the silence of a device is the device's; when it stops or says that it does not accept, silence is ours.
// It says since when it has listened without a break, for a busy process beats late and has lost nothing.
// In the bucket `sources`, once a second, it tells whoever asks how the source is, also while the log takes nothing.
import { AppError } from '@ronda/contracts/errors'
import type { Heartbeat } from '@ronda/contracts/record'
import type { Backbone } from './backbone.ts'
import { encodeJson, encodeOwnRecord } from './record-codec.ts'

const beatMs = 1_000
/** Real ms without a beat after which a source does not vouch for what it missed: it may have been stopped or suspended. */
const longestStallMs = 5_000

export interface HeartbeatDeps {
  backbone: Backbone
  source: string
  clock: { now(): number; realMs(stampedMs: number): number }
  /** What the source says of itself at this moment. */
  state: () => Heartbeat
}

export interface HeartbeatSource {
  /** Beats once more. What that brings into the log is durable when the backbone has closed: the log may take nothing. */
  stop(): Promise<void>
}

export function startHeartbeat({ backbone, source, clock, state }: HeartbeatDeps): HeartbeatSource {
  const log = backbone.stream('log')
  /** Of this process; -Infinity: it does not listen. */
  let listenedAt = -Infinity
  let listeningSince = 0

  function append(): void {
    // A log that takes nothing would only pile up beats; their absence says the same.
    if (log.blocked !== undefined) {
      listenedAt = -Infinity
      return
    }
    const receivedAt = clock.now()
    const now = performance.now()
    if (now - listenedAt > longestStallMs) listeningSince = receivedAt
    const said = state()
    listenedAt = said.accepting ? now : -Infinity
    const payload = encodeJson({ ...said, listeningSince } satisfies Heartbeat)
    const record = encodeOwnRecord({ type: 'heartbeat', receivedAt, source, payload })
    // It fails only when the backbone closes.
    log.append(record, { counted: false }, () => {})
  }

  async function keep(): Promise<void> {
    try {
      await backbone.commit({ writes: [{ bucket: 'sources', key: source, value: { ...state(), at: clock.now() } }] })
    } catch (error) {
      // No room, or closing: the next one says more.
      if (!(error instanceof AppError)) throw error
    }
  }

  async function beat(): Promise<void> {
    append()
    await keep()
  }

  void beat()
  const timers = [setInterval(append, clock.realMs(beatMs)), setInterval(() => void keep(), beatMs)]
  return {
    async stop() {
      timers.forEach(clearInterval)
      await beat()
    },
  }
}
