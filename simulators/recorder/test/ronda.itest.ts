// Recording Ronda and playing into it, by its rules of who may listen and speak.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NewDevice } from '@ronda/contracts/device'
import type { Ledger } from '@ronda/contracts/ledger'
import { registerPlan } from '@ronda/infra/testing/registration'
import { type RunningSystem, startSystem } from '@ronda/infra/testing/running-system'
import { within } from '@ronda/infra/testing/within'
import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { run } from './processes.ts'

const place = { latitude: -6.3, longitude: 106.68, district: 'serpong' }
const lamps = Array.from({ length: 5 }, (_, n) =>
  NewDevice.parse({ ...place, id: `pju-${n}x`, kind: 'streetlight', name: `Lamp ${n}` }),
)
const yesterday = Date.now() - 86_400_000

let system: RunningSystem
let url: string
let folder: string
let tokens: Map<string, string>
beforeAll(async () => {
  system = await startSystem()
  url = `mqtt://127.0.0.1:${system.env.RONDA_MQTT_PORT}`
  folder = mkdtempSync(join(tmpdir(), 'ronda-replay-'))
  tokens = await registerPlan(system, lamps)
  const rows = [...tokens].map(([id, token]) => `${id},${token}`)
  writeFileSync(join(folder, 'credentials.csv'), ['id,token', ...rows].join('\n'))
})
afterAll(async () => {
  await system.stop()
  rmSync(folder, { recursive: true })
})

async function record(topic: string, out: string) {
  const id = out.split('.')[0]
  const path = '/api/v1/service-principals'
  const { token } = await system.post<{ token: string }>(path, {
    id,
    description: 'A test',
    filters: ['tangsel/v1/+/+/telemetry'],
  })
  const args = ['--broker', url, '--username', `service:${id}`, '--topic', topic, '--out', join(folder, out)]
  return run('record', args, { MQTT_PASSWORD: token })
}

async function historyOf(id: string, from: number): Promise<{ time: number; values: { seq: number } }[]> {
  const { rows } = await system.get<{ rows: { time: number; values: { seq: number } }[] }>(
    `/api/v1/devices/${id}/history?fields=seq&from=${from}`,
  )
  return rows
}

test('what devices said yesterday is said by them again, now', async () => {
  const recorder = await record('tangsel/v1/+/+/telemetry', 'day.ronda.gz')
  await vi.waitFor(() => expect(recorder.stderr).toContain('recording'), within)
  for (const { id } of lamps) {
    const client = await connectAsync(url, { username: id, password: tokens.get(id) ?? '' })
    for (let seq = 0; seq < 20; seq++) {
      const reading = JSON.stringify({ ts: yesterday + 1_000 * seq, seq, powerW: 80 })
      await client.publishAsync(`tangsel/v1/streetlight/${id}/telemetry`, reading, { qos: 1 })
    }
    await client.endAsync()
  }
  await vi.waitFor(async () => expect((await system.get<Ledger>('/api/v1/ledger')).written).toBe(100), within)
  recorder.child.kill('SIGINT')
  expect(await recorder.ended, recorder.stderr).toBe(0)
  expect(recorder.stderr).toContain('100 messages')

  const playedAt = Date.now()
  const args = ['--in', join(folder, 'day.ronda.gz'), '--to', url, '--speed', '100', '--shift-time']
  const replay = run('replay', [...args, '--credentials', join(folder, 'credentials.csv')])
  expect(await replay.ended, replay.stderr).toBe(0)
  await vi.waitFor(async () => {
    expect(await system.get<Ledger>('/api/v1/ledger')).toMatchObject({ written: 200, balanced: true, deadLettered: 0 })
  }, within)
  for (const { id } of lamps) {
    const old = await historyOf(id, yesterday)
    expect(old.map(({ values }) => values.seq)).toEqual([...Array(20).keys(), ...Array(20).keys()])
    // A hundredth of a day before now, and in the same order.
    const again = await historyOf(id, playedAt - 864_000)
    expect(again.map(({ values }) => values.seq)).toEqual([...Array(20).keys()])
  }
})

test('one principal may not speak for others: what is refused is counted, the rest arrives', async () => {
  const env = { MQTT_PASSWORD: tokens.get('pju-0x') ?? '' }
  const args = ['--in', join(folder, 'day.ronda.gz'), '--to', url, '--speed', 'max', '--username', 'pju-0x']
  const replay = run('replay', args, env)
  await vi.waitFor(() => expect(replay.stderr).toContain('refused: tangsel/v1/streetlight/pju-1x/telemetry'), within)
  replay.child.kill('SIGINT')
  expect(await replay.ended).toBe(1)
  const [recorded, , acknowledged, refused] = (replay.stdout.split('\n')[1] ?? '').trim().split(/ +/).map(Number)
  expect({ recorded, acknowledged }).toEqual({ recorded: 100, acknowledged: 20 })
  expect(refused).toBeGreaterThan(0)
})

test('messages of devices without a token here are counted, and the exit code tells', async () => {
  const some = join(folder, 'some.csv')
  writeFileSync(some, `id,token\npju-0x,${tokens.get('pju-0x')}\npju-1x,wrong\n`)
  const replay = run('replay', [
    '--in',
    join(folder, 'day.ronda.gz'),
    '--to',
    url,
    '--speed',
    'max',
    '--credentials',
    some,
  ])
  expect(await replay.ended).toBe(1)
  expect(replay.stderr).toContain('pju-1x is refused')
  const [, sent, acknowledged, refused, , unsent] = (replay.stdout.split('\n')[1] ?? '').trim().split(/ +/).map(Number)
  expect({ sent, acknowledged, refused, unsent }).toEqual({ sent: 20, acknowledged: 20, refused: 0, unsent: 80 })
})

test('what a service was not granted is refused with the way out', async () => {
  const recorder = await record('tangsel/v1/#', 'all.ronda.gz')
  expect(await recorder.ended).toBe(1)
  expect(recorder.stderr).toContain(
    'may not subscribe to tangsel/v1/#; at Ronda a service may listen to what it was granted',
  )
  expect(recorder.stderr).toContain('(mqtt_subscribe_refused)')
})
