// Historian and detector alone, on a log of their own: what a single record, or very many readings, do to them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backbone, append } from '@ronda/backbone/backbone'
import { openBackbone } from '@ronda/backbone/open'
import { encodeJson, encodeRecord } from '@ronda/backbone/record-codec'
import { Device, type DeviceRow, NewDevice } from '@ronda/contracts/device'
import { noSession, recordVersion } from '@ronda/contracts/record'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import type { Store } from '@ronda/store/store'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { listDeadLetters } from '../src/dead-letters.ts'
import type { FindDevice } from '../src/decode.ts'
import { runDetector } from '../src/detector.ts'
import { type Historian, createHistorian } from '../src/historian.ts'
import { openStore } from '../src/open-store.ts'
import { topicOf, within } from './harness.ts'

const log = createLog('consumers-test', 'error')
let dir: string
let backbone: Backbone
let store: Store
let stopped: AbortController
let running: Promise<void>

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-consumers-'))
  const env = readEnvironment({ RONDA_DATA_DIR: dir })
  backbone = openBackbone({ dir, env, now: Date.now })
  store = await openStore(env, dir, log)
  stopped = new AbortController()
})
afterEach(async () => {
  vi.restoreAllMocks()
  stopped.abort()
  await running
  await store.close()
  await backbone.close()
  rmSync(dir, { recursive: true, force: true })
})

const lamp = Device.parse({
  ...NewDevice.parse({
    id: 'pju-1',
    kind: 'streetlight',
    name: 'PJU 1',
    latitude: -6.3,
    longitude: 106.7,
    district: 'serpong',
  }),
  uid: 'abcdefghij',
  revision: 1,
})

/** Of `pju-broken` the registry has a row that no code of ours would write: whoever reads it fails. */
const findDevice: FindDevice = (id) => {
  if (id === 'pju-1') return { device: lamp, tokenSha256: '' }
  return id === 'pju-broken' ? ({ tokenSha256: '' } as DeviceRow) : undefined
}
const askForDevice = async () => undefined

async function publish(id: string, payload: unknown): Promise<number> {
  const record = encodeRecord({
    v: recordVersion,
    type: 'telemetry',
    receivedAt: Date.now(),
    source: 'broker',
    session: noSession,
    principal: `device:${id}`,
    topic: topicOf(id),
    qos: 1,
    retain: false,
    dup: false,
    will: false,
    payload: encodeJson(payload),
  })
  return append(backbone.stream('log'), record, { counted: true })
}

function startHistorian(into = store): Historian {
  const historian = createHistorian({ backbone, store: into, findDevice, askForDevice, onUndeclared() {}, log })
  running = historian.run(stopped.signal)
  return historian
}

test('a message that the historian fails on is a dead letter and an error line, and what follows is stored', async () => {
  const errors = vi.spyOn(log, 'error')
  await publish('pju-1', { powerW: 1 })
  const position = await publish('pju-broken', { powerW: 2, owner: 'A Person' })
  const last = await publish('pju-1', { powerW: 3 })
  const historian = startHistorian()
  await vi.waitFor(() => expect(historian.progress?.cursor.position).toBe(last), within)
  expect(historian.progress?.counts).toMatchObject({ written: 2, deadLettered: 1, stored: 2, refused: 1 })
  const { deadLetters } = await listDeadLetters(backbone.stream('dead-letters'), 0, 10)
  expect(deadLetters).toMatchObject([{ code: 'undecodable', position, device: 'pju-broken', raw: { bytes: 31 } }])
  expect(JSON.stringify(deadLetters)).not.toContain('A Person')
  expect(errors.mock.calls).toMatchObject([[{ code: 'undecodable', position }, 'a message cannot be processed']])
})

test('a record that the detector fails on is skipped with an error line', async () => {
  const errors = vi.spyOn(log, 'error')
  const position = await publish('pju-broken', { powerW: 2 })
  const city = { centre: { latitude: -6.3, longitude: 106.7 }, nominalVoltageV: 230 }
  const onBlocked = () => {}
  running = runDetector(
    { backbone, city, findDevice, askForDevice, devices: () => [lamp], onBlocked, log },
    stopped.signal,
  )
  await vi.waitFor(async () => {
    // Without news it keeps its cursor now and then only, when something comes.
    await publish('pju-1', { powerW: 3 })
    expect((await backbone.checkpoint('detector'))?.position).toBeGreaterThan(position)
  }, within)
  expect(errors.mock.calls).toMatchObject([
    [{ code: 'undecodable', position }, 'a record cannot be processed and is skipped'],
  ])
})

test('however many readings wait, no more than some ten thousand are written at once', async () => {
  const staged: number[] = []
  const counting: Store = {
    ...store,
    stage(consumer, rows) {
      staged.push(rows.length)
      return store.stage(consumer, rows)
    },
  }
  const start = Date.now() - 1_000_000
  const backlogOf = (m: number) => Array.from({ length: 500 }, (_, n) => ({ ts: start + m * 500 + n }))
  const positions = await Promise.all(Array.from({ length: 130 }, (_, m) => publish('pju-1', backlogOf(m))))
  const historian = startHistorian(counting)
  await vi.waitFor(() => expect(historian.progress?.cursor.position).toBe(positions.at(-1)), within)
  expect(historian.progress?.counts).toMatchObject({ written: 130, stored: 65_000 })
  expect(staged).toEqual([50_000, 15_000])
})
