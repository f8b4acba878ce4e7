// Recording and replay with a broker of others.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMosquitto } from '@ronda/infra/testing/mosquitto'
import { startTcpProxy } from '@ronda/infra/testing/tcp-proxy'
import { within } from '@ronda/infra/testing/within'
import { type IPublishPacket, connectAsync } from 'mqtt'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Line, headerOf, payloadOf } from '../src/recording/format.ts'
import { openRecording } from '../src/recording/reader.ts'
import { openRecordingWriter } from '../src/recording/writer.ts'
import { run } from './processes.ts'

const user = { username: 'city', password: 'a secret' }

async function start(as?: typeof user) {
  const broker = await startMosquitto(as)
  onTestFinished(() => broker.stop())
  const client = await connectAsync(broker.url, { ...as, reconnectPeriod: 0 })
  onTestFinished(() => client.endAsync(true))
  return { url: broker.url, client }
}

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ronda-recorder-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'traffic.ronda.gz')
}

async function read(file: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of (await openRecording(file)).lines()) lines.push(line)
  return lines
}

const payloads = [
  Buffer.from('{"ts":1767225600000, "powerW":87.50}'),
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.alloc(0),
  Buffer.from('lampu mati — jl. Raya'),
]
const messages = Array.from({ length: 2_000 }, (_, n) => ({
  topic: `city/${n % 7}`,
  payload: n < payloads.length ? (payloads[n] ?? Buffer.alloc(0)) : Buffer.from(JSON.stringify({ n })),
}))

test('what a broker sends is recorded, and arrives at another byte for byte and in order', async () => {
  const source = await start(user)
  await source.client.publishAsync('city/retained', 'old', { retain: true, qos: 0 })
  const file = newFile()
  const args = ['--broker', source.url, '--username', user.username, '--topic', 'city/#', '--out', file]
  const recorder = run('record', args, { MQTT_PASSWORD: user.password })
  await vi.waitFor(() => expect(recorder.stderr).toContain('recording city/#'), within)
  for (const { topic, payload } of messages) void source.client.publish(topic, payload, { qos: 1 })
  await source.client.publishAsync('city/end', 'end', { qos: 2 })
  await vi.waitFor(async () => expect((await read(file)).length).toBe(messages.length + 2), within)
  recorder.child.kill('SIGINT')
  expect(await recorder.ended).toBe(0)
  expect(recorder.stderr).toContain(`${messages.length + 2} messages`)
  expect(statSync(file).mode & 0o777).toBe(0o600)

  const lines = await read(file)
  const found = lines.flatMap((line) => ('topic' in line ? [{ ...line, payload: payloadOf(line) }] : []))
  expect(found[0]).toMatchObject({ topic: 'city/retained', text: 'old', retain: true, qos: 0 })
  expect(found.at(-1)).toMatchObject({ topic: 'city/end', text: 'end', retain: false, qos: 1 })
  expect(found.slice(1, -1).map(({ topic, payload }) => ({ topic, payload }))).toEqual(messages)
  expect((await openRecording(file)).header).toMatchObject({ broker: source.url, topics: ['city/#'] })

  const target = await start()
  const heard: IPublishPacket[] = []
  target.client.on('message', (_topic, _payload, packet) => heard.push(packet))
  await target.client.subscribeAsync('#', { qos: 1 })
  const replayed = run('replay', ['--in', file, '--to', target.url, '--speed', 'max', '--topic-prefix', 'city/=lab/'])
  expect(await replayed.ended, replayed.stderr).toBe(0)
  await vi.waitFor(() => expect(heard.length).toBe(found.length), within)
  expect(heard.map(({ topic, payload }) => ({ topic, payload }))).toEqual(
    found.map(({ topic, payload }) => ({ topic: topic.replace('city/', 'lab/'), payload })),
  )
  expect(replayed.stdout).toMatch(/acknowledged/)
  expect(replayed.stdout.split('\n')[1]?.trim().split(/ +/).slice(0, 4)).toEqual(['2,002', '2,002', '2,002', '0'])
})

test('a recorder that is killed leaves what it had a second before', async () => {
  const { url, client } = await start()
  const file = newFile()
  const recorder = run('record', ['--broker', url, '--topic', '#', '--out', file])
  await vi.waitFor(() => expect(recorder.stderr).toContain('recording #'), within)
  for (let n = 0; n < 500; n++) await client.publishAsync('a', String(n), { qos: 1 })
  await vi.waitFor(async () => expect((await read(file)).length).toBe(500), within)
  for (let n = 500; n < 600; n++) void client.publish('a', String(n), { qos: 1 })
  recorder.child.kill('SIGKILL')
  await recorder.ended
  const texts = (await read(file)).flatMap((line) => ('topic' in line ? [line.text] : []))
  expect(texts.length).toBeGreaterThanOrEqual(500)
  expect(texts).toEqual(texts.map((_, n) => String(n)))
})

test('it ends after its time, and a replay keeps the pace', async () => {
  const { url, client } = await start()
  const file = newFile()
  const recorder = run('record', ['--broker', url, '--topic', '#', '--out', file, '--for', '1s'])
  await vi.waitFor(() => expect(recorder.stderr).toContain('recording #'), within)
  await client.publishAsync('a', 'first', { qos: 1 })
  expect(await recorder.ended).toBe(0)
  const [line] = await read(file)
  expect(line).toMatchObject({ topic: 'a', text: 'first' })
  const slow = run('replay', ['--in', file, '--to', url, '--speed', '0.5'])
  expect(await slow.ended, slow.stderr).toBe(0)
  const took = Number(/([\d.]+) s\s+\d+\s*$/.exec(slow.stdout)?.[1])
  expect(took).toBeGreaterThanOrEqual(Math.floor(((line?.at ?? 0) * 2) / 100) / 10)
})

test('a broker that went away is told of in the file, and heard again', async () => {
  const { url, client } = await start()
  const file = newFile()
  const network = await startTcpProxy(Number(new URL(url).port))
  onTestFinished(() => network.close())
  const recorder = run('record', ['--broker', `mqtt://127.0.0.1:${network.port}`, '--topic', '#', '--out', file])
  await vi.waitFor(() => expect(recorder.stderr).toContain('recording #'), within)
  await client.publishAsync('a', 'before', { qos: 1 })
  await vi.waitFor(async () => expect((await read(file)).length).toBe(1), within)
  network.set({ state: 'cut' })
  await vi.waitFor(() => expect(recorder.stderr).toContain('the connection broke'), within)
  network.set({ state: 'open' })
  await vi.waitFor(() => expect(recorder.stderr).toContain('connected again'), within)
  await client.publishAsync('a', 'after', { qos: 1 })
  await vi.waitFor(async () => expect((await read(file)).length).toBe(4), within)
  recorder.child.kill('SIGTERM')
  expect(await recorder.ended).toBe(0)
  expect(recorder.stderr).toContain('with 1 interruptions')
  expect(await read(file)).toMatchObject([
    { text: 'before' },
    { connected: false },
    { connected: true },
    { text: 'after' },
  ])
})

test.each([
  ['record', ['--topic', '#'], 'mqtt_credentials_refused'],
  ['replay', [], 'mqtt_credentials_refused'],
] as const)('%s with a wrong password says so', async (program, more, code) => {
  const { url } = await start(user)
  const file = newFile()
  if (program === 'replay') {
    await (await openRecordingWriter(file, headerOf({ broker: url, topics: [], startedAt: 0 }))).close()
  }
  const where = program === 'record' ? ['--broker', url, '--out', file] : ['--to', url, '--in', file]
  const failed = run(program, [...where, ...more, '--username', 'city'], { MQTT_PASSWORD: 'wrong' })
  expect(await failed.ended).toBe(1)
  expect(failed.stderr).toContain(`refuses city: check user name and password or token (${code})`)
})

test('a broker that is not there is named, with what to do', async () => {
  const failed = run('record', ['--broker', 'mqtt://127.0.0.1:1', '--topic', '#', '--out', newFile()])
  expect(await failed.ended).toBe(1)
  expect(failed.stderr).toContain('mqtt://127.0.0.1:1 cannot be reached')
  expect(failed.stderr).toContain('(unavailable)')
})
