// The documents that are made from the code: schemas, API descriptions, MQTT's statements, the rules of faults,
// the README's table of variables, that of permissions. Written by generate.ts; a test holds them to be current.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBackbone } from '@ronda/backbone/open'
import { conformanceDocument } from '@ronda/broker/conformance/document'
import { asyncApi } from '@ronda/contracts/asyncapi'
import { type Variable, environment } from '@ronda/contracts/environment'
import { jsonSchemas } from '@ronda/contracts/json-schemas'
import { may, permissionNames, permissions, roles } from '@ronda/contracts/permissions'
import { faultDocuments } from '@ronda/faults/documentation/document'
import { createIngest } from '@ronda/ingest/app'
import { openStore } from '@ronda/ingest/open-store'
import { readCity } from '@ronda/runtime/city-profile'
import { readEnvironment } from '@ronda/runtime/config'
import { openDataDir } from '@ronda/runtime/data-dir'
import { createLog } from '@ronda/runtime/log'

const root = join(import.meta.dirname, '..', '..')

/** Content by path from the repository's root. */
export async function generateDocuments(): Promise<Map<string, string>> {
  const documents = new Map<string, string>()
  const add = (path: string, content: unknown) => documents.set(path, `${JSON.stringify(content, null, 2)}\n`)
  for (const [name, schema] of Object.entries(jsonSchemas())) add(`docs/schemas/${name}.json`, schema)
  const addSection = (path: string, name: string, content: string) =>
    documents.set(path, withSection(readFileSync(join(root, path), 'utf8'), name, content))
  add('docs/api/asyncapi.json', asyncApi())
  add('docs/api/openapi.json', await openApi())
  documents.set('docs/mqtt-conformance.md', conformanceDocument())
  for (const [path, content] of faultDocuments()) documents.set(path, content)
  for (const readme of ['README.md', 'README.id.md']) addSection(readme, 'configuration', configurationTable())
  addSection('docs/accounts.md', 'permissions', permissionTable())
  return documents
}

/** The API of an ingest on an empty folder that never listens. */
async function openApi(): Promise<unknown> {
  const dir = mkdtempSync(join(tmpdir(), 'ronda-openapi-'))
  const env = readEnvironment({ RONDA_DATA_DIR: dir, RONDA_CITY: join(root, 'infra/cities/tangsel') })
  const city = readCity(env.RONDA_CITY)
  const dataDir = openDataDir(env, city.profile.slug)
  const backbone = openBackbone({ dir, env, now: dataDir.clock.now })
  const log = createLog('generate', 'error')
  const store = await openStore(env, dir, log)
  const onFailure = (error: unknown) => {
    throw error
  }
  const ingest = await createIngest({ env, city, dataDir, backbone, store, log, onFailure })
  const document = await ingest.openApi()
  await ingest.stop()
  await store.close()
  await backbone.close()
  rmSync(dir, { recursive: true })
  return document
}

function configurationTable(): string {
  const rows = Object.entries(environment).map(([name, variable]: [string, Variable]) => {
    const fallback = variable.default === undefined ? '–' : `\`${variable.default}\``
    return `| \`${name}\` | ${fallback} | ${variable.meaning} |`
  })
  return ['| name | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

function permissionTable(): string {
  const rows = permissionNames.map((permission) => {
    const marks = roles.map((role) => (may(role, permission) ? '●' : ''))
    return `| ${permissions[permission][1]} | ${marks.join(' | ')} |`
  })
  return [`| | ${roles.join(' | ')} |`, `|---|${roles.map(() => ':-:|').join('')}`, ...rows].join('\n')
}

/** Replaces what stands between `<!-- name:begin -->` and `<!-- name:end -->`. */
function withSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`there is no section ${name}`)
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
}
