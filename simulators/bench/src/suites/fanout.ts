// Fanout alone: fault events as the detector writes them, to 2,000 control rooms on raw sockets; beside the library ws
// as it comes. Who delivers has one core, the rooms and who tells of the faults the other.
import { rmSync } from 'node:fs'
import { makeTemporaryFolder } from '../interruption.ts'
import { runLoad } from '../load/run-load.ts'
import type { AudienceOrder, AudienceResult, Delivered, FrozenRound } from '../load/audience.ts'
import { median } from '../load/quantiles.ts'
import { requireOpenFiles } from '../open-files.ts'
import { firstMessage, loadCore, pidOf, serverCore, start } from '../process.ts'
import type { Target } from '../report.ts'
import { startRonda } from '../servers/ronda.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const part = '2,000 control rooms'
const [rooms, frozenRooms] = [2_000, 200]
/** Of a process beside its connections. */
const ownFiles = 200
const target = { of: 'value', atLeast: 150_000 } as const
/** What those who read may notice of the others: a tenth is within what the machine itself varies by. */
const unaffected = { of: 'ratio', atMost: 1.2 } as const

type Times = Pick<AudienceOrder, 'rooms' | 'warmUpMs' | 'measureMs'>

export const fanoutSuite: Suite = {
  about:
    'Fault events to 2,000 control rooms on raw sockets, beside the library ws as it comes: deliveries by the processor time of who delivers, how soon an event is there, and what rooms that do not read cost the others.',
  parts: [part],
  async run({ report, quick }) {
    requireOpenFiles(rooms + frozenRooms + ownFiles)
    const times = { rooms, ...(quick ? { warmUpMs: 1_000, measureMs: 3_000 } : { warmUpMs: 2_000, measureMs: 6_000 }) }
    const onCore = serverCore === undefined ? {} : { core: serverCore }
    const plain = await measurePlain(times)
    const ronda = await startRonda({ devices: 0, services: ['fanout'], ...onCore })
    try {
      const frozen = { rooms: frozenRooms, rounds: quick ? 1 : 3, metricsUrl: ronda.metricsUrl }
      const { dir, webSocket: address } = ronda
      const order = { address, pid: ronda.pidOf('fanout'), dir, ...times, frozen }
      const measured = await runLoad('audience', order, loadCore)
      addDelivered(report, 'as many events as it takes', measured.many, plain.many, target)
      addDelivered(report, 'one event after the other', measured.oneByOne, plain.oneByOne)
      addFrozen(report, measured.frozen)
    } finally {
      await ronda.stop()
    }
  },
}

/** In a folder of its own: fanout would follow what is told there too. */
async function measurePlain(times: Times): Promise<AudienceResult> {
  const dir = makeTemporaryFolder()
  const options = { args: [dir], ...(serverCore === undefined ? {} : { core: serverCore }) }
  const server = start('simulators/bench/src/servers/plain-ws.ts', options)
  try {
    // plain-ws.ts sends the port it listens on.
    const { port } = (await firstMessage(server.child)) as { port: number }
    return await runLoad('audience', { address: { port, path: '/' }, pid: pidOf(server), dir, ...times }, loadCore)
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

type Report = SuiteOptions['report']

function addDelivered(report: Report, how: string, ours: Delivered, theirs: Delivered, aim?: Target): void {
  const add = (figure: string, unit: string, read: (from: Delivered) => number, bound?: Target) =>
    report.add({
      suite: 'fanout',
      figure: `${figure}, ${how}`,
      unit,
      value: read(ours),
      baseline: read(theirs),
      ...(bound === undefined ? {} : { target: bound }),
    })
  add('deliveries', '1/s of one core', ({ perCpuSecond }) => perCpuSecond, aim)
  add('deliveries by the clock', '1/s', ({ perSecond }) => perSecond)
  add('commit to a room p50', 'ms', ({ latency }) => latency.p50)
  add('commit to a room p99', 'ms', ({ latency }) => latency.p99)
}

function addFrozen(report: Report, rounds: readonly FrozenRound[]): void {
  const of = (q: 'p50' | 'p99', bound?: Target) =>
    report.add({
      suite: 'fanout',
      figure: `commit to a room ${q} while ${frozenRooms} others do not read, and while they do`,
      unit: 'ms',
      value: median(rounds.map(({ frozen }) => frozen[q])),
      baseline: median(rounds.map(({ reading }) => reading[q])),
      ratio: median(rounds.map(({ frozen, reading }) => frozen[q] / reading[q])),
      ...(bound === undefined ? {} : { target: bound }),
    })
  of('p50')
  of('p99', unaffected)
}
