import type { Report } from '../report.ts'

export interface SuiteOptions {
  report: Report
  /** A first impression rather than a figure to keep. */
  quick: boolean
  /** What changes slowly is watched for many minutes. */
  long: boolean
  /** Others that have to be fetched first are measured too. */
  peers: boolean
  /** Whether a part of the suite is to be measured. */
  wants: (part: string) => boolean
}

export interface Suite {
  /** What it measures, in some sentences. */
  about: string
  /** What can be measured by itself, as the figures name it. */
  parts: readonly string[]
  run(options: SuiteOptions): Promise<void>
}
