import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateDocuments } from '../local/generated.ts'

const root = join(import.meta.dirname, '..', '..')

test('what is generated is current: if not, run `npm run generate`', async () => {
  const stale: string[] = []
  for (const [path, content] of await generateDocuments()) {
    const file = join(root, path)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== content) stale.push(path)
  }
  expect(stale).toEqual([])
})
