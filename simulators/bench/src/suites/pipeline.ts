// The whole way: MQTT, the log, validated, into the embedded store. As fast as the broker acknowledges, then
// until the ledger has nothing pending; all services and the load share the machine.
import { runLoad } from '../load/run-load.ts'
import { waitFor } from '../process.ts'
import { startRonda } from '../servers/ronda.ts'
import type { Suite } from './suite.ts'

const part = 'from MQTT into the store'
const connections = 200
const inFlight = 20
const target = { of: 'value', atLeast: 40_000 } as const

export const pipelineSuite: Suite = {
  parts: [part],
  async run({ report, quick }) {
    const ronda = await startRonda({ devices: connections, ingest: true })
    try {
      const startedAt = performance.now()
      const { total, seconds, acknowledged } = await runLoad({
        ...ronda.target,
        pid: ronda.pid,
        inFlight,
        warmUpMs: 1_000,
        measureMs: quick ? 10_000 : 60_000,
      })
      await waitFor(
        async () => {
          const { pending, accepted } = await ronda.ledger()
          return pending === 0 && accepted >= total
        },
        300_000,
        'the ledger did not come to rest',
      )
      const wholeSeconds = (performance.now() - startedAt) / 1_000
      const { balanced, deadLettered, written } = await ronda.ledger()
      if (!balanced || deadLettered > 0) throw new Error(`the ledger does not balance, or has refused ${deadLettered}`)
      report.add({
        suite: 'pipeline',
        figure: 'acknowledged while publishing',
        value: acknowledged / seconds,
        unit: 'msg/s',
      })
      report.add({
        suite: 'pipeline',
        figure: part,
        value: total / wholeSeconds,
        unit: 'msg/s',
        target,
      })
      report.note(`pipeline: ${written} messages in the store, ledger balanced`)
    } finally {
      await ronda.stop()
    }
  },
}
