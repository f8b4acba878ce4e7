// `npm run generate`: writes the documents that are made from the code.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateDocuments } from './generated.ts'

const root = join(import.meta.dirname, '..', '..')
for (const [path, content] of await generateDocuments()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  process.stdout.write(`${path}\n`)
}
