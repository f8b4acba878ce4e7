import type { SystemState } from '@ronda/contracts/system'
import { describe, expect, test } from 'vitest'
import { problemsOf } from './problems.ts'

const at = 1_000_000
const well: SystemState = {
  at,
  ledger: {
    accepted: 100,
    written: 90,
    deadLettered: 4,
    pending: 6,
    balanced: true,
    readings: { stored: 95, collapsed: 0, refused: 4 },
  },
  trend: [],
  sinceStart: { at: 0, late: 0, undeclared: 0 },
  turnedAway: [],
  services: [
    { name: 'broker', state: 'up' },
    { name: 'ingest', state: 'up' },
    { name: 'fanout', state: 'up' },
  ],
  readers: [
    { name: 'historian', stream: 'log', behind: 6 },
    { name: 'detector', stream: 'log', behind: 0 },
    { name: 'fanout', stream: 'faults', behind: null },
  ],
  store: { kind: 'embedded' },
  backbone: { kind: 'embedded', logLimitBytes: 1_000, streams: [{ name: 'log', bytes: 100 }] },
  disk: { freeBytes: 1e9, totalBytes: 2e9, usedBytes: 1e6, reserveBytes: 1e8 },
}

const kinds = (part: Partial<SystemState>) => problemsOf({ ...well, ...part }).map(({ kind }) => kind)

describe('problems', () => {
  test('there are none while everything works', () => {
    expect(problemsOf(well)).toEqual([])
  })

  test('a ledger that does not add up is the first', () => {
    const broken = { ...well.ledger, written: 88 }
    const services = [{ name: 'broker' as const, state: 'silent' as const }]
    expect(problemsOf({ ...well, ledger: broken, services })).toEqual([
      { kind: 'ledger-unbalanced', by: 2 },
      { kind: 'service-silent', service: 'broker' },
    ])
    expect(kinds({ ledger: { ...well.ledger, balanced: false } })).toEqual(['ledger-unbalanced'])
  })

  test('a store that is away is said once, although the historian waits for it', () => {
    const readers = [{ name: 'historian' as const, stream: 'log' as const, behind: 9, blocked: 'away' }]
    expect(problemsOf({ ...well, readers, store: { kind: 'influx', problem: 'away' } })).toEqual([
      { kind: 'store', detail: 'away' },
    ])
    expect(kinds({ readers })).toEqual(['reader-blocked'])
  })

  test('who is behind is judged by how much comes in', () => {
    const readers = [{ name: 'detector' as const, stream: 'log' as const, behind: 5_000 }]
    expect(kinds({ readers })).toEqual(['reader-behind'])
    const trend = [0, 10_000].map((ms) => ({ at: at + ms, accepted: ms, written: 0, deadLettered: 0 }))
    expect(kinds({ readers, trend })).toEqual([])
  })

  test('the disk and the log tell before they are full', () => {
    expect(kinds({ disk: { ...well.disk, freeBytes: 1.5e8 } })).toEqual(['disk'])
    expect(kinds({ backbone: { ...well.backbone, streams: [{ name: 'log', bytes: 900 }] } })).toEqual(['log-filling'])
    expect(kinds({ backbone: { ...well.backbone, problem: 'full' } })).toEqual(['log'])
  })
})
