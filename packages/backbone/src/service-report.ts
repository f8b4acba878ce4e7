// What a service says of itself every two seconds in the bucket `service-reports`: that it runs, since when, which
// version, how much memory it takes. Whoever reads a report that is old knows that its service is down, or cannot write.
import { AppError } from '@ronda/contracts/errors'
import type { ServiceName, ServiceReport } from '@ronda/contracts/system'
import type { Backbone } from './backbone.ts'

const reportMs = 2_000
/** A service that has said nothing for so long (ms) is taken for silent. */
export const silentMs = 7_000

export interface ServiceReportDeps {
  backbone: Backbone
  name: ServiceName
  version: string
  /** What else it has to say at this moment. */
  figures: () => Pick<ServiceReport, 'connections' | 'behind'> | Promise<Pick<ServiceReport, 'connections' | 'behind'>>
}

/** Resolves what ends the reports, after the last of them is written. */
export function startServiceReports({ backbone, name, version, figures }: ServiceReportDeps): () => Promise<void> {
  const startedAt = Date.now() - Math.round(process.uptime() * 1_000)
  let memoryBytes = 0

  /** It takes a file descriptor to know: while there is none left, what was known stands. */
  function memory(): number {
    try {
      memoryBytes = process.memoryUsage.rss()
    } catch {
      // As above.
    }
    return memoryBytes
  }

  async function report(): Promise<void> {
    try {
      const value = { ...(await figures()), at: Date.now(), startedAt, version, memoryBytes: memory() }
      await backbone.commit({ writes: [{ bucket: 'service-reports', key: name, value }] })
    } catch (error) {
      // No room, or closing: the next one says more.
      if (!(error instanceof AppError)) throw error
    }
  }

  let reporting = report()
  const timer = setInterval(() => {
    reporting = reporting.then(report)
  }, reportMs)
  return async () => {
    clearInterval(timer)
    await reporting
  }
}
