// What an import answers: a line for each device, its outcome, and its token if it got one. No cell of it is quoted.
import type { ImportOutcome } from '@ronda/contracts/device-import'
import type { IssuedToken } from '../issued-tokens.tsx'

export interface ImportResult {
  readonly counts: Readonly<Record<ImportOutcome, number>>
  readonly issued: readonly IssuedToken[]
}

export function parseImportResult(csv: string): ImportResult {
  const counts = { registered: 0, updated: 0, unchanged: 0 }
  const issued: IssuedToken[] = []
  for (const line of csv.split('\n').slice(1)) {
    const [id = '', , , outcome = '', token = ''] = line.split(',')
    if (outcome === 'registered' || outcome === 'updated' || outcome === 'unchanged') counts[outcome] += 1
    if (token !== '') issued.push({ id, token })
  }
  return { counts, issued }
}
