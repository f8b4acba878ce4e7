// Who may know whom. pnpm lets a package import only what its package.json names, so the direction of the whole
// follows from the manifests, and from no import leaving its package by a relative path.
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** What each package may depend on in the workspace, tests included. */
const allowed: Record<string, readonly string[]> = {
  'packages/contracts': [],
  'packages/faults': ['contracts'],
  'packages/runtime': ['contracts'],
  'packages/backbone': ['contracts', 'runtime'],
  'packages/store': ['contracts', 'runtime'],
  'packages/access': ['contracts', 'runtime', 'backbone'],
  'services/broker': ['contracts', 'runtime', 'backbone', 'access'],
  'services/ingest': ['contracts', 'runtime', 'backbone', 'access', 'store', 'faults'],
  'services/fanout': ['contracts', 'runtime', 'backbone', 'access', 'faults'],
  'services/control-room': ['contracts'],
  'simulators/city': ['contracts', 'runtime'],
  'simulators/recorder': ['contracts', 'runtime', 'city'],
  'simulators/bench': ['contracts', 'runtime', 'backbone', 'store', 'faults', 'ingest', 'city', 'infra'],
}

/** Packages that only tests of a package may use beside those. */
const allowedInTests: Record<string, readonly string[]> = {
  'services/control-room': ['runtime', 'backbone', 'access', 'fanout', 'ingest', 'store', 'faults', 'infra'],
  'simulators/city': ['faults'],
  'simulators/recorder': ['infra'],
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const folders = ['packages', 'services', 'simulators'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
)

function manifestOf(folder: string): Manifest {
  // The form of a package.json.
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
}

const ours = (dependencies: Record<string, string> = {}) =>
  Object.keys(dependencies).flatMap((name) => (name.startsWith('@ronda/') ? name.slice('@ronda/'.length) : []))

test('every package has its place', () => {
  expect(folders.toSorted()).toEqual(Object.keys(allowed).toSorted())
})

describe.each(folders)('%s', (folder) => {
  test('depends on what is below it only', () => {
    const { dependencies, devDependencies } = manifestOf(folder)
    const mayUse = allowed[folder] ?? []
    expect(ours(dependencies).filter((name) => !mayUse.includes(name))).toEqual([])
    const mayUseInTests = [...mayUse, ...(allowedInTests[folder] ?? [])]
    expect(ours(devDependencies).filter((name) => !mayUseInTests.includes(name))).toEqual([])
  })

  test('imports nothing beyond itself by a path, but what its tests may use', () => {
    const forTests = ['infra', ...(allowedInTests[folder] ?? []).map((name) => `services/${name}`)]
    const leaving = sourcesOf(join(root, folder)).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)]
        .map(([, path = '']) => relative(root, resolve(dirname(file), path)))
        .filter((target) => !target.startsWith(`${folder}/`))
        .filter((target) => !(isTest(file) && forTests.some((each) => target.startsWith(`${each}/`))))
        .map((target) => `${relative(root, file)} → ${target}`),
    )
    expect(leaving).toEqual([])
  })
})

test('contracts depend on zod only, the fault engine on the sun only', () => {
  expect(Object.keys(manifestOf('packages/contracts').dependencies ?? {})).toEqual(['zod'])
  expect(Object.keys(manifestOf('packages/faults').dependencies ?? {})).toEqual(['@ronda/contracts', 'suncalc'])
})

function isTest(file: string): boolean {
  return /\.(test|itest|contract)\.tsx?$/.test(file) || file.includes('/test/')
}

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist'].includes(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesOf(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}
