import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parseOptions as parseRecord } from './record/options.ts'
import { readTokens } from './replay/lanes.ts'
import { parseOptions as parseReplay } from './replay/options.ts'

const broker = ['--broker', 'mqtt://127.0.0.1:1883']
const to = ['--in', 'a.gz', '--to', 'mqtt://127.0.0.1:1883']

test('a recording takes several topics and a time', () => {
  const args = [...broker, '--topic', 'a/#', '--topic', 'b', '--out', 'x.gz', '--for', '10min']
  expect(parseRecord(args)).toMatchObject({
    broker: { url: 'mqtt://127.0.0.1:1883' },
    topics: ['a/#', 'b'],
    out: 'x.gz',
    lastsMs: 600_000,
  })
})

test.each([
  [['--topic', 'a', '--out', 'x'], '--broker'],
  [['--broker', 'http://127.0.0.1', '--topic', 'a', '--out', 'x'], 'mqtt://127.0.0.1:1883'],
  [['--broker', 'mqtt://u:secret@127.0.0.1', '--topic', 'a', '--out', 'x'], 'MQTT_PASSWORD'],
  [[...broker, '--out', 'x'], '--topic'],
  [[...broker, '--topic', 'a'], '--out'],
  [[...broker, '--topic', 'a', '--out', 'x', '--for', '10'], 'write 90 s'],
  [[...broker, '--topic', 'a', '--out', 'x', '--ca', '/nowhere'], '--ca'],
  [[...broker, '--topic', 'a', '--out', 'x', '--password', 'secret'], '--password'],
])('record %j is refused with what to do', (args, words) => {
  expect(() => parseRecord(args)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(words) }),
  )
})

test('a replay is at its pace and changes nothing unless told', () => {
  const options = parseReplay(to)
  expect(options).toMatchObject({ file: 'a.gz', speed: 1, isTimeShifted: false, username: undefined })
  expect(options?.renameTopic('tangsel/v1/x')).toBe('tangsel/v1/x')
  expect(parseReplay([...to, '--speed', 'max'])?.speed).toBe(Infinity)
  expect(parseReplay([...to, '--speed', '0.5'])?.speed).toBe(0.5)
})

test('topics get another beginning', () => {
  const rename = parseReplay([...to, '--topic-prefix', 'tangsel/=serang/'])?.renameTopic
  expect(rename?.('tangsel/v1/x')).toBe('serang/v1/x')
  expect(rename?.('tangsel2/v1/x')).toBe('tangsel2/v1/x')
  expect(parseReplay([...to, '--topic-prefix', '=lab/'])?.renameTopic('a')).toBe('lab/a')
})

test.each([
  [['--to', 'mqtt://127.0.0.1'], '--in'],
  [['--in', 'a.gz'], '--to'],
  [[...to, '--speed', '0'], '--speed'],
  [[...to, '--speed', 'fast'], '--speed'],
  [[...to, '--topic-prefix', 'a'], '--topic-prefix'],
  [[...to, '--username', 'u', '--credentials', 'f'], '--credentials'],
])('replay %j is refused with what to do', (args, words) => {
  expect(() => parseReplay(args)).toThrow(
    expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(words) }),
  )
})

test('tokens are read from what an import answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ronda-tokens-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'tokens.csv')
  writeFileSync(file, 'id,kind,result,token\npju-1,streetlight,created,abc\npju-2,streetlight,unchanged,\n')
  expect(readTokens(file)).toEqual(new Map([['pju-1', 'abc']]))
  writeFileSync(file, 'name\npju-1\n')
  expect(() => readTokens(file)).toThrow('no columns id and token')
  expect(() => readTokens(join(folder, 'none'))).toThrow('ENOENT')
})
