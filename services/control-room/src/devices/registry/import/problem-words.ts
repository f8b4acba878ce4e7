// What is wrong with a file and what to do, in the page's language; columns are called as in the file.
import type { ImportProblem } from '@ronda/contracts/device-import'
import type { PageConfig } from '@ronda/contracts/page-config'
import type { Text } from '../../../text/en.ts'
import { isColumn } from '../device-columns.ts'

interface ProblemWords {
  readonly wrong: string
  readonly remedy: string
}

export type ProblemCity = Pick<PageConfig, 'districts' | 'agencies'>

export function sayProblem(problem: ImportProblem, text: Text, city: ProblemCity): ProblemWords {
  const { column = '', cell = '', code, detail } = problem
  const [wrong, remedy] = text.importProblems[code]
  const parts = [column, cell, allowedIn(problem, text, city), detail]
  const fill = (words: string) => words.replaceAll(/\{(\d)\}/g, (_all, index: string) => parts[Number(index)] ?? '')
  return { wrong: fill(wrong), remedy: fill(remedy) }
}

function allowedIn({ code, column = '' }: ImportProblem, text: Text, { districts, agencies }: ProblemCity): string {
  if (code === 'district_unknown') return districts.map(({ slug }) => slug).join(', ')
  if (code === 'agency_unknown') return agencies.map(({ id }) => id).join(', ')
  if (column === 'installedAt') return text.importing.instant
  return isColumn(column) ? text.columnHints[column] : ''
}
