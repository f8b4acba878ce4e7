// What came of several requests to send dead letters again, as one.
import type { ReplayResult } from '@ronda/contracts/dead-letter'

export const noResult: ReplayResult = {
  replayed: 0,
  skipped: 0,
  already: 0,
  accepted: 0,
  refused: 0,
  reasons: [],
  waiting: 0,
}

export function addResults(a: ReplayResult, b: ReplayResult): ReplayResult {
  const reasons = new Map(a.reasons.map(({ code, count }) => [code, count]))
  for (const { code, count } of b.reasons) reasons.set(code, (reasons.get(code) ?? 0) + count)
  return {
    replayed: a.replayed + b.replayed,
    skipped: a.skipped + b.skipped,
    already: a.already + b.already,
    accepted: a.accepted + b.accepted,
    refused: a.refused + b.refused,
    waiting: a.waiting + b.waiting,
    reasons: Array.from(reasons, ([code, count]) => ({ code, count })),
  }
}
