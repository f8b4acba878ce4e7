import type { Report } from '../report.ts'

export interface SuiteOptions {
  report: Report
  /** A first impression rather than a figure to keep. */
  quick: boolean
}

export type Suite = (options: SuiteOptions) => Promise<void>
