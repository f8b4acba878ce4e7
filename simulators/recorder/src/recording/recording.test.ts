import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type Line, headerOf, messageOf, payloadOf } from './format.ts'
import { openRecording } from './reader.ts'
import { openRecordingWriter } from './writer.ts'

const header = headerOf({ broker: 'mqtt://127.0.0.1:1883', topics: ['a/#'], startedAt: 1_000 })

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ronda-recording-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'traffic.ronda.gz')
}

async function write(file: string, lines: readonly Line[]): Promise<void> {
  const writer = await openRecordingWriter(file, header)
  for (const line of lines) await writer.write(line)
  await writer.close()
  expect(writer.bytes).toBe(statSync(file).size)
}

async function read(file: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of (await openRecording(file)).lines()) lines.push(line)
  return lines
}

function message(at: number, payload: Buffer): Line {
  return messageOf({ at, topic: `a/${at}`, qos: 1, retain: false }, payload)
}

test('every payload comes back byte for byte, in order', async () => {
  const file = newFile()
  const payloads = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string().map(Buffer.from)), 500)
  const lines = payloads.map((payload, at) => message(at, Buffer.from(payload)))
  await write(file, [...lines, { at: 600, connected: false }, { at: 700, connected: true }])
  const found = await read(file)
  expect(found.slice(0, -2)).toEqual(lines)
  expect(found.slice(-2)).toEqual([
    { at: 600, connected: false },
    { at: 700, connected: true },
  ])
  expect(found.flatMap((line) => ('topic' in line ? [payloadOf(line)] : []))).toEqual(
    payloads.map((each) => Buffer.from(each)),
  )
})

test('JSON stays readable in the file, what is no text is in base64', async () => {
  const file = newFile()
  await write(file, [message(1, Buffer.from('{"powerW":87}')), message(2, Buffer.from([0xff, 0x00]))])
  const [, first = '', second = ''] = gunzipSync(readFileSync(file)).toString().split('\n')
  expect(JSON.parse(first)).toMatchObject({ text: '{"powerW":87}' })
  expect(JSON.parse(second)).toMatchObject({ base64: '/wA=' })
})

test('wherever a file is cut off, what is complete before is there and nothing else', async () => {
  const file = newFile()
  const lines = Array.from({ length: 200 }, (_, n) =>
    message(n, Buffer.from(JSON.stringify({ n, noise: Math.sin(n) }))),
  )
  await write(file, lines)
  const whole = readFileSync(file)
  const cut = join(file, '..', 'cut')
  let most = 0
  for (let bytes = 200; bytes < whole.length; bytes += 97) {
    writeFileSync(cut, whole.subarray(0, bytes))
    const found = await read(cut).catch(() => [])
    expect(found).toEqual(lines.slice(0, found.length))
    most = Math.max(most, found.length)
  }
  expect(most).toBeGreaterThan(100)
})

test('nothing is overwritten', async () => {
  const file = newFile()
  await write(file, [])
  await expect(openRecordingWriter(file, header)).rejects.toMatchObject({ code: 'config_invalid' })
  await expect(openRecordingWriter(join(file, 'x'), header)).rejects.toMatchObject({ code: 'config_invalid' })
})

test.each([
  ['a file that is not there', undefined],
  ['a file that is not compressed', Buffer.from('{"format":"ronda-traffic"}\n')],
  ['another file', gzipSync('{"hello":"world"}\n')],
  ['a newer version', gzipSync(`${JSON.stringify({ ...header, version: 2 })}\n`)],
])('%s is no recording', async (_, content) => {
  const file = newFile()
  if (content !== undefined) writeFileSync(file, content)
  await expect(openRecording(file)).rejects.toMatchObject({ code: 'recording_invalid' })
})

test('a damaged line is named', async () => {
  const file = newFile()
  writeFileSync(
    file,
    gzipSync(`${JSON.stringify(header)}\n${JSON.stringify(message(1, Buffer.from('1')))}\n{"at":2}\n`),
  )
  await expect(read(file)).rejects.toThrow('line 3')
})
