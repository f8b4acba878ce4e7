// How soon a control room sees what a device says of itself, and how soon a device has its PUBACK, while 10,000
// messages a second go the whole way; all services, the load, the devices and the control room share the machine. The
// latter once more while every sync of the disk is slow.
import { canMakeSlowDisks, makeSlowDisk } from '@ronda/infra/testing/slow-disk'
import { runLoad } from '../load/run-load.ts'
import { requireOpenFiles } from '../open-files.ts'
import type { Report, Target } from '../report.ts'
import { startRonda } from '../servers/ronda.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const syncDelayMs = 20
const atRate = 'at 10,000 msg/s'
const onSlowDisk = `at 10,000 msg/s with syncs ${syncDelayMs} ms slower`
const messagesPerSecond = 10_000
const connections = 1_000
/** Of each connection at a time: one PUBACK may take as long as ten messages come apart. */
const inFlight = 10
const warmUpMs = 5_000
const everyMs = 50
const flagging = { quick: 200, full: 400 } as const
/** The background begins before the first device flags a fault, and goes on until the last one is seen. */
const marginMs = 2_000
const ownFiles = 200
const slowDisk = { megabytes: 4_096, warmUpMs: 5_000, quickMs: 10_000, fullMs: 20_000 } as const

export const latencySuite: Suite = {
  about:
    "From a device's PUBLISH that flags a fault until it is on a control room's WebSocket, and until a PUBACK, while 10,000 messages a second go the whole way; then PUBACKs while each sync of the disk takes 20 ms longer, and the disk does one at a time.",
  parts: [atRate, onSlowDisk],
  async run(options) {
    if (options.wants(atRate)) await measureAtRate(options)
    if (!options.wants(onSlowDisk)) return
    if (canMakeSlowDisks()) await measureOnSlowDisk(options)
    else options.report.note(`not measured: PUBACKs ${onSlowDisk}, for which one has to be root on Linux with nbdfuse`)
  },
}

async function measureAtRate({ report, quick }: SuiteOptions): Promise<void> {
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
    const add = adderTo(report, atRate)
    add('PUBLISH to WebSocket of a fault the device flags p50', found.latency.p50, 'ms', atMost(15))
    add('PUBLISH to WebSocket of a fault the device flags p99', found.latency.p99, 'ms', atMost(100))
    add(`of ${flags} faults not seen`, found.missing, 'faults', atMost(0))
    add('PUBACK p50', background.latency.p50, 'ms')
    add('PUBACK p99', background.latency.p99, 'ms', atMost(20))
    add('acknowledged', background.acknowledged / background.seconds, 'msg/s')
  } finally {
    await ronda.stop()
  }
}

async function measureOnSlowDisk({ report, quick }: SuiteOptions): Promise<void> {
  requireOpenFiles(connections + ownFiles)
  const disk = await makeSlowDisk(slowDisk.megabytes)
  try {
    const ronda = await startRonda({
      dir: disk.dir,
      devices: connections,
      services: ['ingest', 'broker', 'fanout'],
    })
    try {
      disk.delaySyncs(syncDelayMs)
      const load = await runLoad('publisher', {
        ...ronda.target,
        pid: ronda.pidOf('broker'),
        inFlight,
        messagesPerSecond,
        warmUpMs: slowDisk.warmUpMs,
        measureMs: quick ? slowDisk.quickMs : slowDisk.fullMs,
      })
      disk.delaySyncs(0)
      await ronda.whenStored(load.total)
      const add = adderTo(report, onSlowDisk)
      add('PUBACK p50', load.latency.p50, 'ms')
      add('PUBACK p99', load.latency.p99, 'ms', atMost(100))
      add('acknowledged', load.acknowledged / load.seconds, 'msg/s')
    } finally {
      await ronda.stop()
    }
  } finally {
    await disk.remove()
  }
}

function adderTo(report: Report, part: string) {
  return (figure: string, value: number, unit: string, target?: Target) =>
    report.add({
      suite: 'latency',
      figure: `${figure}, ${part}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    })
}

function atMost(bound: number): Target {
  return { of: 'value', atMost: bound }
}
