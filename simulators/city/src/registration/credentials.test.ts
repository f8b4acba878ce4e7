import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCredentials } from './credentials.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ronda-credentials-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

const file = () => join(dir, 'simulator', 'credentials.csv')

test('what is learned is there after a restart, and for the owner’s eyes only', () => {
  openCredentials(dir).learn(new Map([['pju-1', 'secret, with a comma']]))
  openCredentials(dir).learn(new Map([['pju-2', 'other']]))
  expect([...openCredentials(dir).tokens]).toEqual([
    ['pju-1', 'secret, with a comma'],
    ['pju-2', 'other'],
  ])
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'simulator')).mode & 0o777).toBe(0o700)
})

test('what is forgotten is gone once saved', () => {
  const credentials = openCredentials(dir)
  credentials.learn(new Map([['pju-1', 'secret']]))
  credentials.forget('pju-1')
  expect(credentials.tokens.size).toBe(0)
  expect(openCredentials(dir).tokens.size).toBe(1)
  credentials.save()
  expect(openCredentials(dir).tokens.size).toBe(0)
})

test('a file with loose permissions is tightened, and a damaged one holds nothing', () => {
  openCredentials(dir)
  writeFileSync(file(), 'id,token\n"pju-1', { mode: 0o644 })
  const credentials = openCredentials(dir)
  expect(credentials.tokens.size).toBe(0)
  credentials.learn(new Map([['pju-1', 'secret']]))
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  expect(readFileSync(file(), 'utf8')).toBe('id,token\npju-1,secret\n')
})
