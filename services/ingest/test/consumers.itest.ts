// Historian and detector alone, on a log of their own: what a single record, or very many readings, do to them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Backbone, append } from '@ronda/backbone/backbone'
import { openBackbone } from '@ronda/backbone/open'
import { encodeRecord } from '@ronda/backbone/record-codec'
import type { DeviceRow } from '@ronda/contracts/device'
import { recordVersion } from '@ronda/contracts/record'
import { readEnvironment } from '@ronda/runtime/config'
import { createLog } from '@ronda/runtime/log'
import type { Store } from '@ronda/store/store'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { within } from '../../../infra/testing/within.ts'
import { readLetters } from '../src/dead-letters.ts'
import type { AskForDevice, FindDevice } from '../src/decode.ts'
import { type DetectorDeps, runDetector } from '../src/detector.ts'
import { type Historian, type HistorianDeps, createHistorian } from '../src/historian.ts'
import { openStore } from '../src/open-store.ts'
import { type PendingDevices, openPendingDevices } from '../src/pending-devices.ts'
import { makeDeviceRow, makeMessage } from '../src/testing/messages.ts'
import { topicOf } from './harness.ts'

const log = createLog('consumers-test', 'error')
let dir: string
let backbone: Backbone
let store: Store
let pendingDevices: PendingDevices
let stopped: AbortController
let running: Promise<void>

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-consumers-'))
  const env = readEnvironment({ RONDA_DATA_DIR: dir })
  backbone = openBackbone({ dir, env, now: Date.now })
  store = await openStore(env, dir, log)
  stopped = new AbortController()
  const devices = { get: findDevice, find: askForDevice }
  pendingDevices = await openPendingDevices({ backbone, devices, city: 'tangsel', signal: stopped.signal, log })
})
afterEach(async () => {
  vi.restoreAllMocks()
  stopped.abort()
  await running
  await pendingDevices.followed
  await store.close()
  await backbone.close()
  rmSync(dir, { recursive: true, force: true })
})

const lamp = makeDeviceRow('pju-1')

/** Of `pju-broken` the registry has a row that no code of ours would write: whoever reads it fails. */
const findDevice: FindDevice = (id) => {
  if (id === 'pju-1') return lamp
  return id === 'pju-broken' ? ({ tokenSha256: '' } as DeviceRow) : undefined
}
const askForDevice: AskForDevice = async () => undefined

/** A registry that has `pju-1`, of which memory hears only when it is asked for. */
function newlyRegistered() {
  const arrived = new Map<string, DeviceRow>()
  const asked: string[] = []
  return {
    asked,
    findDevice: ((id) => arrived.get(id)) satisfies FindDevice,
    askForDevice: (async (id) => {
      asked.push(id)
      if (id !== 'pju-1') return undefined
      arrived.set(id, lamp)
      return lamp
    }) satisfies AskForDevice,
  }
}

async function publish(id: string, payload: unknown, channel = 'telemetry'): Promise<number> {
  const message = makeMessage(payload, topicOf(id, channel), { receivedAt: Date.now() })
  return append(backbone.stream('log'), encodeRecord(message), { counted: true })
}

function startHistorian(more: Partial<HistorianDeps> = {}): Historian {
  const deps = {
    backbone,
    store,
    findDevice,
    askForDevice,
    pendingDevices,
    onUndeclared() {},
    onLate() {},
    now: Date.now,
    log,
  }
  const historian = createHistorian({ ...deps, ...more })
  running = historian.run(stopped.signal)
  return historian
}

function startDetector(more: Partial<DetectorDeps> = {}): void {
  const city = { centre: { latitude: -6.3, longitude: 106.7 }, nominalVoltageV: 230, agencies: [] }
  const deps = { backbone, city, findDevice, askForDevice, devices: () => [lamp.device], onBlocked() {}, log }
  running = runDetector({ ...deps, ...more }, stopped.signal)
}

test('a message that the historian fails on is a dead letter and an error line, and what follows is stored', async () => {
  const errors = vi.spyOn(log, 'error')
  await publish('pju-1', { powerW: 1 })
  const position = await publish('pju-broken', { powerW: 2, owner: 'A Person' })
  const last = await publish('pju-1', { powerW: 3 })
  const historian = startHistorian()
  await vi.waitFor(() => expect(historian.progress?.cursor.position).toBe(last), within)
  expect(historian.progress?.counts).toMatchObject({ written: 2, deadLettered: 1, stored: 2, refused: 1 })
  const { letters } = await readLetters(backbone.stream('dead-letters'), { order: 'oldest', limit: 10 })
  const deadLetters = letters.map(({ letter }) => letter)
  expect(deadLetters).toMatchObject([{ code: 'undecodable', position, device: 'pju-broken', raw: { bytes: 31 } }])
  expect(JSON.stringify(deadLetters)).not.toContain('A Person')
  expect(errors.mock.calls).toMatchObject([[{ code: 'undecodable', position }, 'a message cannot be processed']])
})

test('a record that the detector fails on is skipped with an error line', async () => {
  const errors = vi.spyOn(log, 'error')
  const position = await publish('pju-broken', { powerW: 2 })
  startDetector()
  await vi.waitFor(async () => {
    // Without news it keeps its cursor now and then only, when something comes.
    await publish('pju-1', { powerW: 3 })
    expect((await backbone.checkpoint('detector'))?.position).toBeGreaterThan(position)
  }, within)
  expect(errors.mock.calls).toMatchObject([
    [{ code: 'undecodable', position }, 'a record cannot be processed and is skipped'],
  ])
})

test('a record that the detector cannot decode is skipped with an error line, and what follows is decided on', async () => {
  const errors = vi.spyOn(log, 'error')
  const position = await append(backbone.stream('log'), Buffer.from('of nobody'), { counted: false })
  await publish('pju-1', { online: true }, 'status')
  startDetector()
  await vi.waitFor(async () => {
    expect((await backbone.bucket('status').get('pju-1'))?.value).toMatchObject({ online: true })
  }, within)
  expect(errors.mock.calls).toMatchObject([
    [{ code: 'undecodable', position }, 'a record cannot be processed and is skipped'],
  ])
})

test('a record of a newer version ends the detector, which does not pass it over', async () => {
  const record = Buffer.from(encodeRecord(makeMessage({ online: true }, topicOf('pju-1', 'status'))))
  // The version is right behind the head of the array.
  record[1] = recordVersion + 1
  await append(backbone.stream('log'), record, { counted: true })
  startDetector()
  await expect(running).rejects.toMatchObject({ code: 'data_dir_newer' })
  running = Promise.resolve()
  expect((await backbone.checkpoint('detector'))?.position).toBe(0)
})

test('the first message of a device that was registered a moment ago is stored; of nobody’s the letter says so', async () => {
  const registry = newlyRegistered()
  await publish('pju-1', { powerW: 1 })
  await publish('pju-1', { powerW: 2 })
  const last = await publish('pju-9', { powerW: 3 })
  const historian = startHistorian(registry)
  await vi.waitFor(() => expect(historian.progress?.cursor.position).toBe(last), within)
  expect(historian.progress?.counts).toMatchObject({ written: 2, deadLettered: 1, stored: 2, refused: 1 })
  const { letters } = await readLetters(backbone.stream('dead-letters'), { order: 'oldest', limit: 10 })
  const deadLetters = letters.map(({ letter }) => letter)
  expect(deadLetters).toMatchObject([{ code: 'unknown_device', device: 'pju-9' }])
  expect(registry.asked).toEqual(['pju-1', 'pju-9'])
})

test('the first message of a device that was registered a moment ago is decided on', async () => {
  const registry = newlyRegistered()
  await publish('pju-9', { powerW: 1 })
  await publish('pju-1', { online: true }, 'status')
  startDetector(registry)
  await vi.waitFor(async () => {
    expect((await backbone.bucket('status').get('pju-1'))?.value).toMatchObject({ online: true })
  }, within)
  expect(registry.asked).toEqual(['pju-9', 'pju-1'])
})

test('what the detector decides again, from a state older than its events, is told and counted once', async () => {
  const told = async () => [
    (await backbone.stream('faults').head()).ordinal,
    (await backbone.stream('alarms').head()).ordinal,
  ]
  await publish('pju-1', { faults: ['lamp_failure'] })
  startDetector()
  await vi.waitFor(async () => expect(await told()).toEqual([1, 1]), within)
  stopped.abort()
  await running

  const [state, faults] = [backbone.bucket('detector-state'), backbone.bucket('faults')]
  const { epoch } = backbone.stream('log')
  await backbone.commit({
    writes: [
      ...(await state.list()).map(({ key }) => ({ bucket: 'detector-state', key, value: undefined }) as const),
      ...(await faults.list()).map(({ key }) => ({ bucket: 'faults', key, value: undefined }) as const),
    ],
    checkpoint: { consumer: 'detector', stream: 'log', epoch, position: 0, ordinal: 0 },
  })
  stopped = new AbortController()
  startDetector()
  await vi.waitFor(async () => expect(await faults.list()).toHaveLength(1), within)
  expect(await told()).toEqual([1, 1])
})

test('however many devices report at once, the detector writes no more than some thousand rows at once', async () => {
  const lamps = new Map(Array.from({ length: 9_000 }, (_, n) => [`pju-${n}`, makeDeviceRow(`pju-${n}`)]))
  const written: string[][] = []
  const counting: Backbone = {
    ...backbone,
    async commit(changes) {
      const rows = (changes.writes ?? []).filter(({ bucket }) => bucket === 'detector-state')
      written.push(rows.map(({ key }) => key).filter((key) => key.startsWith('device/')))
      return backbone.commit(changes)
    },
  }
  const position = await publish('pju-0', { powerW: 1 })
  startDetector({
    backbone: counting,
    findDevice: (id) => lamps.get(id),
    devices: () => Array.from(lamps.values(), ({ device }) => device),
  })
  // Its first start writes a row of each device.
  await vi.waitFor(async () => expect((await backbone.checkpoint('detector'))?.position).toBe(position), within)
  written.length = 0
  const positions = await Promise.all(Array.from(lamps.keys(), (id) => publish(id, { powerW: 2 })))
  await vi.waitFor(async () => {
    expect((await backbone.checkpoint('detector'))?.position).toBe(Math.max(...positions))
  }, within)
  expect(Math.max(...written.map((keys) => keys.length))).toBeLessThanOrEqual(5_500)
  expect(new Set(written.flat()).size).toBe(lamps.size)
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
  const historian = startHistorian({ store: counting })
  await vi.waitFor(() => expect(historian.progress?.cursor.position).toBe(positions.at(-1)), within)
  expect(historian.progress?.counts).toMatchObject({ written: 130, stored: 65_000 })
  expect(staged).toEqual([50_000, 15_000])
})

/** A batch of the historian's has 10,000. */
const publishMany = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, seq) => publish('pju-1', { ts: 1_790_000_000_000 + seq, seq })))

test('the next batch, and no other, is decoded while one is written; stopped amid them it goes on behind that', async () => {
  await publishMany(25_000)
  let decoded = 0
  const counting: FindDevice = (id) => {
    decoded++
    return findDevice(id)
  }
  const decodedAtStage: number[] = []
  const mayWrite = Promise.withResolvers<void>()
  const slow: Store = {
    ...store,
    async stage(consumer, rows) {
      decodedAtStage.push(decoded)
      await mayWrite.promise
      return store.stage(consumer, rows)
    },
  }
  const historian = startHistorian({ store: slow, findDevice: counting })
  await vi.waitFor(() => expect(decoded).toBe(20_000), within)
  expect(decodedAtStage).toEqual([10_000])
  stopped.abort()
  mayWrite.resolve()
  await running
  expect(historian.progress).toMatchObject({ cursor: { ordinal: 10_000 }, counts: { written: 10_000 } })
  expect(decoded).toBe(20_000)

  stopped = new AbortController()
  const next = startHistorian()
  await vi.waitFor(() => expect(next.progress?.cursor.ordinal).toBe(25_000), within)
  expect(next.progress?.counts).toMatchObject({ written: 25_000, stored: 25_000, collapsed: 0 })
})

test.each([10_000, 25_000])(
  'a write that fails for good ends the historian, of %d messages that wait',
  async (count) => {
    await publishMany(count)
    const broken: Store = {
      ...store,
      async stage() {
        throw new TypeError('a bug')
      },
    }
    const historian = startHistorian({ store: broken })
    await expect(running).rejects.toThrow('a bug')
    running = Promise.resolve()
    expect(historian.progress?.cursor.ordinal).toBe(0)
  },
)
