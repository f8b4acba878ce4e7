// Brings the registry's changes into the log, in their order, at least once: the engine knows a change that it
// has seen by the device's revision.
import { type Backbone, append, openConsumer } from '@ronda/backbone/backbone'
import { encodeOwnRecord } from '@ronda/backbone/record-codec'

const consumer = 'registry-relay'
const batchLimit = { records: 1_000, bytes: 1e6 }

export interface RegistryRelayDeps {
  backbone: Backbone
  source: string
  /** ms UTC of stamped time. */
  now: () => number
}

/** Runs until the signal aborts. */
export async function relayRegistry({ backbone, source, now }: RegistryRelayDeps, signal: AbortSignal): Promise<void> {
  const log = backbone.stream('log')
  const changes = backbone.stream('registry')
  const { position } = await openConsumer(backbone, 'registry', consumer)
  for await (const entries of changes.follow(position, batchLimit, signal)) {
    await Promise.all(
      entries.map(({ record: payload }) => {
        const record = encodeOwnRecord({ type: 'registry', receivedAt: now(), source, payload })
        return append(log, record, { counted: false })
      }),
    )
    const last = entries.at(-1)
    if (last === undefined) continue
    const { position: done, ordinal } = last
    await backbone.commit({
      checkpoint: { consumer, stream: 'registry', epoch: changes.epoch, position: done, ordinal },
    })
  }
}
