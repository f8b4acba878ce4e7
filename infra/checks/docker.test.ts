// No container engine is needed to find what is wrong with the recipes: the Dockerfile is linted, the compose
// file is held to its schema, and what both name has to exist.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DCLinter } from 'dclint'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..', '..')
const dockerfile = readFileSync(join(root, 'infra/docker/Dockerfile'), 'utf8')
const composeFile = join(root, 'docker-compose.yml')

test('the Dockerfile has no fault that a linter finds', () => {
  expect(validate(dockerfile).map(({ message }) => message)).toEqual([])
})

test('the compose file is valid by its schema', () => {
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] })
  const results: { messages: { type: string; message: string }[] }[] = linter.lintFiles([composeFile], false)
  const errors = results.flatMap(({ messages }) => messages.filter(({ type }) => type === 'error'))
  expect(errors).toEqual([])
})

test('what they name is there', () => {
  const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name)
  // The schema was checked above.
  const compose = parse(readFileSync(composeFile, 'utf8'), { merge: true }) as {
    services: Record<string, { build?: { target: string; dockerfile: string } }>
  }
  const targets = Object.values(compose.services).flatMap(({ build }) => (build === undefined ? [] : [build]))
  expect(targets.map(({ target }) => target).toSorted()).toEqual(['broker', 'city', 'fanout', 'ingest'])
  for (const { target, dockerfile: file } of targets) {
    expect(stages).toContain(target)
    expect(existsSync(join(root, file))).toBe(true)
  }
  const scripts = [...dockerfile.matchAll(/"node", "([\w/.-]+\.ts)"/g)].map(([, path = '']) => path)
  expect(scripts).toHaveLength(4)
  for (const script of scripts) expect(existsSync(join(root, script)), script).toBe(true)
  for (const [, source = ''] of dockerfile.matchAll(/^COPY (packages|services|simulators|infra) /gm)) {
    expect(existsSync(join(root, source))).toBe(true)
  }
})

test('the pinned Node and pnpm are those of the bootstrap', () => {
  const bootstrap = readFileSync(join(root, 'infra/local/bootstrap.mjs'), 'utf8')
  const node = /pinnedNode = '([\d.]+)'/.exec(bootstrap)?.[1]
  // The form of a package.json.
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string }
  expect(dockerfile.match(/FROM node:[\d.]+/g)).toEqual([`FROM node:${node}`, `FROM node:${node}`])
  expect(dockerfile).toContain(`npm install --global ${packageManager}`)
})
