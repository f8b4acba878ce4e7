// The memory of each service in a large city: 100,000 registered devices, of which 10,000 connect, gateways that
// publish for nine lamps each, until each lamp has reported.
import { runLoad } from '../load/run-load.ts'
import { requireOpenFiles } from '../open-files.ts'
import { type Service, startRonda } from '../servers/ronda.ts'
import { type Usage, usageOf } from '../usage.ts'
import type { Suite } from './suite.ts'

const part = '100,000 devices, 10,000 connected'
const gateways = 10_000
const lampsBehindEach = 9
const messagesPerSecond = 5_000
const services: readonly Service[] = ['ingest', 'broker', 'fanout']
/** What a lamp has reported at the end. */
const readings = { quick: 1, full: 2 } as const
const mostMb = 600
const megabyte = 1_024 ** 2
const sampleEveryMs = 250
const ownFiles = 200

export const memorySuite: Suite = {
  about:
    "The memory of each service with 100,000 registered devices of which 10,000 are connected, once ingest has been started again after their import in one file; and what that had left it with. Its own is heap and buffers, without programs and mapped files such as the log's.",
  parts: [part],
  async run({ report, quick }) {
    requireOpenFiles(gateways + ownFiles)
    const ronda = await startRonda({ devices: gateways, lampsBehindEach, services })
    report.add({
      suite: 'memory',
      figure: 'ingest: its own (RssAnon), after an import of 100,000 devices',
      value: usageOf(ronda.pidOf('ingest')).ownBytes / megabyte,
      unit: 'MB',
    })
    await ronda.restart('ingest')
    const most = new Map<Service, Usage>()
    const sampling = setInterval(() => {
      for (const service of services) {
        const usage = usageOf(ronda.pidOf(service))
        if (usage.ownBytes > (most.get(service)?.ownBytes ?? 0)) most.set(service, usage)
      }
    }, sampleEveryMs)
    try {
      const reports = gateways * lampsBehindEach * readings[quick ? 'quick' : 'full']
      const { total } = await runLoad('publisher', {
        ...ronda.target,
        pid: ronda.pidOf('broker'),
        inFlight: lampsBehindEach,
        messagesPerSecond,
        warmUpMs: 0,
        measureMs: (reports / messagesPerSecond) * 1_000,
      })
      await ronda.whenStored(total)
      for (const [service, { ownBytes, rssBytes }] of most) {
        report.add({
          suite: 'memory',
          figure: `${service}: its own (RssAnon), ${part}`,
          value: ownBytes / megabyte,
          unit: 'MB',
          target: { of: 'value', atMost: mostMb },
        })
        report.add({
          suite: 'memory',
          figure: `${service}: with mapped files (VmRSS), ${part}`,
          value: rssBytes / megabyte,
          unit: 'MB',
        })
      }
    } finally {
      clearInterval(sampling)
      await ronda.stop()
    }
  },
}
