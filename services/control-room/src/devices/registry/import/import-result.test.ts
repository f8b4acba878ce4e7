import { expect, test } from 'vitest'
import { parseImportResult } from './import-result.ts'

test('outcomes are counted, tokens go to their devices', () => {
  const csv =
    'id,uid,revision,outcome,token\npju-1,abcdefghij,1,registered,T-1\npju-2,abcdefghij,3,updated,\npju-3,abcdefghij,4,updated,T_3\npju-4,abcdefghij,1,unchanged,\n'
  expect(parseImportResult(csv)).toEqual({
    counts: { registered: 1, updated: 2, unchanged: 1 },
    issued: [
      { id: 'pju-1', token: 'T-1' },
      { id: 'pju-3', token: 'T_3' },
    ],
  })
})
