import type { CameraState } from '@ronda/contracts/camera-wall'
import { makeFault } from '@ronda/contracts/testing/make-fault'
import { expect, test } from 'vitest'
import type { Fault } from '@ronda/contracts/fault'
import { fits, keepOrder, toTile, worstFirst } from './camera-tiles.ts'
import { formatCameras, parseCameras } from './camera-query.ts'

function camera(id: string, more: Partial<CameraState> = {}): CameraState {
  return {
    id,
    name: `CCTV ${id}`,
    district: 'serpong',
    enabled: true,
    intervalS: 60,
    seenAt: 1,
    bitrateKbps: [],
    events: [],
    lastHour: { rules: {}, classes: {} },
    ...more,
  }
}

const mark = (rank: number, fault: Partial<Fault> = {}) => ({ rank, fault: makeFault({ active: true, ...fault }) })

const tiles = [
  toTile(camera('works'), undefined),
  toTile(camera('never', { seenAt: null }), undefined),
  toTile(camera('off', { enabled: false }), mark(0)),
  toTile(camera('unheard', { unheardSince: 5 }), undefined),
  toTile(camera('silent'), mark(2, { code: 'comm_loss' })),
  toTile(camera('dark', { unheardSince: 5, district: 'setu' }), mark(0)),
  toTile(camera('mended'), mark(0, { active: false })),
]

test('each is as the server counts it, and the worst comes first', () => {
  const sorted = tiles.toSorted(worstFirst).map(({ camera: { id }, standing }) => [id, standing])
  expect(sorted).toEqual([
    ['dark', 'faulty'],
    ['silent', 'silent'],
    ['unheard', 'unheard'],
    ['never', 'neverSeen'],
    ['mended', 'working'],
    ['works', 'working'],
    ['off', 'disabled'],
  ])
})

test('are found by what is chosen', () => {
  const all = { search: '', district: undefined, standing: undefined }
  const found = (filter: object) =>
    tiles.filter((tile) => fits(tile, { ...all, ...filter })).map((tile) => tile.camera.id)
  expect(found({})).toHaveLength(7)
  expect(found({ search: 'cctv DARK' })).toEqual(['dark'])
  expect(found({ district: 'setu', standing: 'faulty' })).toEqual(['dark'])
  expect(found({ district: 'setu', standing: 'silent' })).toEqual([])
})

test('stay where they were while somebody is on them', () => {
  const kept = keepOrder(tiles, ['works', 'dark'])
  expect(kept.map((tile) => tile.camera.id).slice(0, 2)).toEqual(['works', 'dark'])
  expect(kept).toHaveLength(7)
})

test('what is chosen survives the address', () => {
  const chosen = { search: 'simpang & co', district: 'setu', standing: 'neverSeen' } as const
  expect(parseCameras(formatCameras(chosen))).toEqual(chosen)
  const all = { search: '', district: undefined, standing: undefined }
  expect(formatCameras(all)).toBe('')
  expect(parseCameras('?state=asleep')).toEqual(all)
})
