// All devices connect at once: the broker alone, beside others; then the whole system, whose broker is killed and comes
// back, and which must take nobody for lost.
import { openBackbone } from '@ronda/backbone/open'
import { decodeJson } from '@ronda/backbone/record-codec'
import type { FaultEvent } from '@ronda/contracts/fault'
import { readEnvironment } from '@ronda/runtime/config'
import { runLoad } from '../load/run-load.ts'
import { requireOpenFiles } from '../open-files.ts'
import { waitFor } from '../process.ts'
import type { Target } from '../report.ts'
import { startRonda } from '../servers/ronda.ts'
import { compareBrokers } from './compare-brokers.ts'
import { stormShape } from './shapes.ts'
import type { Suite, SuiteOptions } from './suite.ts'

const parts = { brokers: stormShape.name, system: '10,000 come back after kill -9 of the broker' } as const
const connections = 10_000
const timeoutMs = 30_000
const withinS = 10
/** Whoever is silent for three of them is lost. */
const intervalS = 15
/** So many that each reports every ten seconds. */
const messagesPerSecond = connections / 10
/** Beyond the moment at which whoever was taken for silent since the kill would be lost. */
const watchMs = 45_000
const ownFiles = 200

export const stormSuite: Suite = {
  about:
    '10,000 devices connect at once: to the broker alone, beside plain Aedes and Mosquitto (where installed); and to the whole system after its broker was killed, with nobody taken for lost.',
  parts: Object.values(parts),
  async run(options) {
    if (options.wants(parts.brokers)) await compareBrokers('storm', [stormShape], options)
    if (options.wants(parts.system)) await measureSystem(options)
  },
}

async function measureSystem({ report }: SuiteOptions): Promise<void> {
  requireOpenFiles(connections + ownFiles)
  const ronda = await startRonda({ devices: connections, intervalS, services: ['ingest', 'broker'] })
  const add = (figure: string, value: number, unit: string, target?: Target) =>
    report.add({
      suite: 'storm',
      figure: `${figure}, ${parts.system}`,
      value,
      unit,
      ...(target === undefined ? {} : { target }),
    })
  const storm = () => runLoad('storm', { ...ronda.target, pid: ronda.pidOf('broker'), timeoutMs })
  try {
    const first = await storm()
    await ronda.restart('broker')
    const { connected, acknowledged } = await storm()
    // They report on, as ever: what is missed now is missed by us.
    const { total } = await runLoad('publisher', {
      ...ronda.target,
      pid: ronda.pidOf('broker'),
      inFlight: 1,
      messagesPerSecond,
      warmUpMs: 0,
      measureMs: watchMs,
    })
    const unanswered = [first.acknowledged, acknowledged].reduce((sum, { failed }) => sum + failed, 0)
    await ronda.whenStored(total + 2 * connections - unanswered)
    add('last CONNACK', connected.lastMs / 1_000, 's', { of: 'value', atMost: withinS })
    add('without CONNACK', connected.failed, 'connections', { of: 'value', atMost: 0 })
    add('last PUBACK', acknowledged.lastMs / 1_000, 's')
    add('false comm_loss', await countLost(ronda.dir), 'faults', { of: 'value', atMost: 0 })
  } finally {
    await ronda.stop()
  }
}

/** Of all that the detector has ever raised, once it has decided on what is in the log now. */
async function countLost(dir: string): Promise<number> {
  const backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
  try {
    const { ordinal } = await backbone.stream('log').head()
    const hasDecided = async () => ((await backbone.checkpoint('detector'))?.ordinal ?? 0) >= ordinal
    await waitFor(hasDecided, timeoutMs, 'the detector did not catch up')
    const events = await backbone.stream('faults').readLast(10 * connections)
    // The stream's only writer is the detector.
    const told = events.map(({ record }) => decodeJson(record) as FaultEvent)
    return told.filter(({ event, fault }) => event === 'raised' && fault.code === 'comm_loss').length
  } finally {
    await backbone.close()
  }
}
