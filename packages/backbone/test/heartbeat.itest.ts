import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Backbone } from '../src/backbone.ts'
import { openEmbeddedBackbone } from '../src/embedded/embedded.ts'
import { startHeartbeat } from '../src/heartbeat.ts'
import { decodeJson, decodeRecord, encodeOwnRecord } from '../src/record-codec.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-heartbeat-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (maxLogBytes = 1e9) => openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes, now: Date.now })
const clock = { now: Date.now, realMs: (ms: number) => ms }

async function beatsOf(backbone: Backbone) {
  const entries = await backbone.stream('log').read(0, { records: 100, bytes: 1e6 })
  return entries
    .map(({ record }) => decodeRecord(record))
    .filter(({ type }) => type === 'heartbeat')
    .map(({ payload }) => decodeJson(payload))
}

test('the last beat says that nothing is accepted any more, to the log and to who asks', async () => {
  const backbone = open()
  let accepting = true
  const state = () => ({ accepting, connections: 0, counters: {}, notices: [] })
  const heartbeat = startHeartbeat({ backbone, source: 'broker', clock, state })
  accepting = false
  await heartbeat.stop()
  expect((await backbone.bucket('sources').get('broker'))?.value).toMatchObject({ accepting: false })
  await backbone.close()

  const again = open()
  expect(await beatsOf(again)).toMatchObject([{ accepting: true }, { accepting: false }])
  await again.close()
})

test('it stops also when the log takes nothing, and has not noticed yet', async () => {
  const backbone = open(1)
  const log = backbone.stream('log')
  const heartbeat = startHeartbeat({
    backbone,
    source: 'broker',
    clock,
    state: () => ({ accepting: true, connections: 0, counters: {}, notices: [] }),
  })
  const record = encodeOwnRecord({ type: 'config', receivedAt: 0, source: 'test', payload: new Uint8Array() })
  // The commit of the first beat is what fills the log; what comes meanwhile has to wait.
  const refused = new Promise((resolve) => {
    setImmediate(() => log.append(record, { counted: true }, resolve))
  })
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  expect(log.blocked).toBeUndefined()
  await heartbeat.stop()
  await backbone.close()
  expect(await refused).toMatchObject({ code: 'shutting_down' })
})
