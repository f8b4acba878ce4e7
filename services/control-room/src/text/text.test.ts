import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { en } from './en.ts'
import { id } from './id.ts'

type Words = { readonly [key: string]: unknown }

function isWords(value: unknown): value is Words {
  return typeof value === 'object' && value !== null
}

/** `section.key` of everything that is said. */
function keysOf(words: Words, prefix = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    isWords(value) ? keysOf(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  )
}

/** Everything that is said, with stand-ins for what is put in. */
function sayAll(words: Words): string[] {
  return Object.values(words).flatMap((value) => {
    if (isWords(value)) return sayAll(value)
    if (typeof value !== 'function') return [String(value)]
    // First comes a number or a name, then names or kinds of devices.
    return [1, 2].map((n) => String(value(n, 'camera', 'camera')))
  })
}

const src = join(import.meta.dirname, '..')
const source = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !file.startsWith('text'))
  .map((file) => readFileSync(join(src, file), 'utf8'))
  .join('\n')

test('both languages say the same things', () => {
  expect(keysOf(id)).toEqual(keysOf(en))
})

test('nothing is left to be said', () => {
  for (const words of [...sayAll(en), ...sayAll(id)]) {
    expect(words.trim()).not.toBe('')
    expect(words).not.toMatch(/undefined|TODO/)
  }
})

test('every word is used', () => {
  // Sections whose keys are values of the contract are read by index.
  const byIndex = Object.keys(en).filter((section) => new RegExp(`\\b${section}\\[`).test(source))
  expect(byIndex.toSorted()).toEqual([
    'actions',
    'asking',
    'cameraRule',
    'columnHints',
    'columns',
    'device',
    'grouping',
    'importProblems',
    'kind',
    'list',
    'notes',
    'objectClass',
    'outcomes',
    'role',
    'roleMeaning',
    'section',
    'severity',
    'signIn',
    'standing',
    'standings',
    'trail',
  ])
  const wholly = new Set([
    'cameraRule',
    'columnHints',
    'columns',
    'importProblems',
    'grouping',
    'kind',
    'notes',
    'objectClass',
    'role',
    'roleMeaning',
    'section',
    'severity',
    'standing',
    'standings',
    'trail',
  ])
  const unused = keysOf(en).filter((path) => {
    const [section = '', key = ''] = path.split('.')
    if (wholly.has(section)) return false
    return !new RegExp(`\\b(${section}|words)\\.${key}\\b|'${key}'`).test(source)
  })
  expect(unused).toEqual([])
})

test('the words of the Indonesian page are the dispatchers’ own', () => {
  expect(id.state.unacknowledged).toBe('Belum ditangani')
  expect(id.list.members(42, 'streetlight')).toBe('42 lampu')
  expect(id.connection.reconnecting('14.02')).toBe('Menyambung ulang sejak 14.02')
})

test('English counts in the singular and the plural', () => {
  expect(en.list.members(1, 'streetlight')).toBe('1 light')
  expect(en.list.members(42, 'streetlight')).toBe('42 lights')
  expect(en.list.members(2, undefined)).toBe('2 devices')
})
