// Brings the registry's changes into the log, in their order, at least once: the engine knows a change that it
// has seen by the device's revision.
import { type Backbone, append, openConsumer } from '@ronda/backbone/backbone'
import { encodeOwnRecord } from '@ronda/backbone/record-codec'

const consumer = 'registry-relay'
const batchLimit = { records: 1_000, bytes: 1e6 }
const patienceMs = 2_000

export interface RegistryRelay {
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /**
   * Resolves when every change made so far is in the log, so that no message of a device can come before its
   * registration; after 2 s in any case, for a log that takes nothing brings them later.
   */
  caughtUp(): Promise<void>
}

export interface RegistryRelayDeps {
  backbone: Backbone
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

export function createRegistryRelay({ backbone, source, now }: RegistryRelayDeps): RegistryRelay {
  const log = backbone.stream('log')
  const changes = backbone.stream('registry')
  let relayed = 0
  let waiting: { position: number; resolve: () => void }[] = []

  function passed(position: number): void {
    relayed = position
    for (const each of waiting) if (each.position <= position) each.resolve()
    waiting = waiting.filter((each) => each.position > position)
  }

  return {
    async run(signal) {
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      const start = await openConsumer(backbone, 'registry', consumer)
      passed(start.position)
      for await (const entries of changes.follow(start.position, batchLimit, signal)) {
        const appended = entries.map(({ record: payload }) => {
          const record = encodeOwnRecord({ type: 'registry', receivedAt: now(), source, payload })
          return append(log, record, { counted: false })
        })
        // A log that takes nothing holds them until the backbone closes, which is after us; they come again.
        await Promise.race([Promise.all(appended), aborted])
        if (signal.aborted) return
        const last = entries.at(-1)
        if (last === undefined) continue
        const { position, ordinal } = last
        await backbone.commit({ checkpoint: { consumer, stream: 'registry', epoch: changes.epoch, position, ordinal } })
        passed(position)
      }
    },

    async caughtUp() {
      const { position } = await changes.head()
      if (position <= relayed) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const timeout = setTimeout(resolve, patienceMs)
      waiting.push({ position, resolve })
      await promise
      clearTimeout(timeout)
    },
  }
}
