// What an import of devices would do, told before it is done: each row's outcome, value by value, and every problem of
// the file by its line. The import itself follows the same plan, so that the two cannot disagree.
import { z } from 'zod'
import { DeviceId, DeviceKind } from './topics.ts'

const importOutcomes = ['registered', 'updated', 'unchanged'] as const
export const ImportOutcome = z.enum(importOutcomes)
export type ImportOutcome = z.infer<typeof ImportOutcome>

/** More than this many are counted, not listed. */
export const mostListedProblems = 10_000

const importProblemCodes = [
  'row_malformed',
  'rows_too_many',
  'column_missing',
  'column_unknown',
  'column_twice',
  'value_missing',
  'value_invalid',
  'district_unknown',
  'agency_unknown',
  'rules_unfit',
  'id_twice',
  'device_retired',
  'kind_differs',
] as const
export type ImportProblemCode = (typeof importProblemCodes)[number]

export const ImportProblem = z.object({
  line: z.int().min(1).optional().describe('In the file, the header being 1; absent: the file as a whole'),
  column: z.string().optional(),
  code: z.enum(importProblemCodes),
  cell: z.string().optional().describe('What stands there, shortened'),
  detail: z.string().describe('What is wrong and what may stand there'),
})
export type ImportProblem = z.infer<typeof ImportProblem>

const Change = z.object({
  from: z.unknown().optional().describe('Absent: there was none'),
  to: z.unknown().optional().describe('Absent: it is taken away'),
})

export const PreviewedDevice = z.object({
  line: z.int().min(2),
  id: DeviceId,
  kind: DeviceKind,
  name: z.string(),
  outcome: ImportOutcome,
  token: z.boolean().describe('It gets a new token'),
  changes: z.record(z.string(), Change).describe('By column; of a new device everything that it has'),
})
export type PreviewedDevice = z.infer<typeof PreviewedDevice>

export const ImportPreview = z.object({
  basis: z.string().describe('To be given to the import, which then does this or nothing'),
  counts: z.record(ImportOutcome, z.int()).describe('Of the rows without problems'),
  tokens: z.int().describe('How many devices get a new token'),
  problemCount: z.int().describe('With one problem nothing is imported'),
  problems: z.array(ImportProblem).describe(`The first ${mostListedProblems}, in the order of lines`),
  devices: z.array(PreviewedDevice),
})
export type ImportPreview = z.infer<typeof ImportPreview>
