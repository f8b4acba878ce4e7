// How soon a control room sees what a device says of itself, and how soon a device has its PUBACK, while 10,000
// messages a second go the whole way; all services, the load, the devices and the control room share the machine.
import { runLoad } from '../load/run-load.ts'
import { requireOpenFiles } from '../open-files.ts'
import type { Target } from '../report.ts'
import { startRonda } from '../servers/ronda.ts'
import type { Suite } from './suite.ts'

const part = 'at 10,000 msg/s'
const messagesPerSecond = 10_000
const connections = 1_000
/** Of each connection at a time: one PUBACK may take as long as ten messages come apart. */
const inFlight = 10
const warmUpMs = 5_000
const everyMs = 50
const flagging = { quick: 200, full: 600 } as const
/** The background begins before the first device flags a fault, and goes on until the last one is seen. */
const marginMs = 2_000
const ownFiles = 200

export const latencySuite: Suite = {
  about:
    "From a device's PUBLISH that flags a fault until it is on a control room's WebSocket, and until a PUBACK, while 10,000 messages a second go the whole way.",
  parts: [part],
  async run({ report, quick }) {
    const flags = quick ? flagging.quick : flagging.full
    requireOpenFiles(connections + flags + ownFiles)
    const ronda = await startRonda({ devices: connections + flags, services: ['ingest', 'broker', 'fanout'] })
    try {
      const { port, credentials } = ronda.target
      const [background, found] = await Promise.all([
        runLoad('publisher', {
          port,
          credentials: credentials.slice(0, connections),
          pid: ronda.pidOf('broker'),
          inFlight,
          messagesPerSecond,
          warmUpMs,
          measureMs: flags * everyMs + 2 * marginMs,
        }),
        runLoad('flags', {
          port,
          credentials: credentials.slice(connections),
          webSocket: ronda.webSocket,
          afterMs: warmUpMs + marginMs,
          everyMs,
        }),
      ])
      await ronda.whenStored(background.total)
      const add = (figure: string, value: number, unit: string, target?: Target) =>
        report.add({
          suite: 'latency',
          figure: `${figure}, ${part}`,
          value,
          unit,
          ...(target === undefined ? {} : { target }),
        })
      add('PUBLISH to WebSocket of a fault the device flags p50', found.latency.p50, 'ms', atMost(15))
      add('PUBLISH to WebSocket of a fault the device flags p99', found.latency.p99, 'ms', atMost(100))
      add(`of ${flags} faults not seen`, found.missing, 'faults', atMost(0))
      add('PUBACK p50', background.latency.p50, 'ms')
      add('PUBACK p99', background.latency.p99, 'ms', atMost(20))
      add('acknowledged', background.acknowledged / background.seconds, 'msg/s')
    } finally {
      await ronda.stop()
    }
  },
}

function atMost(bound: number): Target {
  return { of: 'value', atMost: bound }
}
