// `npm run check`: format, lint, types, dead code and, unless --no-unit, the unit tests. All of them run; the
// last line counts them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const checks: { name: string; command: string[] }[] = [
  { name: 'format', command: [bin('biome'), 'format', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the page', command: [bin('tsc'), '-p', 'services/control-room'] },
  { name: 'dead code', command: [bin('knip')] },
  { name: 'unit tests', command: [bin('vitest'), 'run', '--project', 'unit'] },
]

const wanted = process.argv.includes('--no-unit') ? checks.filter(({ name }) => name !== 'unit tests') : checks
let failed = 0
for (const { name, command } of wanted) {
  const [file = '', ...args] = command
  process.stdout.write(`— ${name}\n`)
  if (spawnSync(file, args, { cwd: root, stdio: 'inherit' }).status === 0) continue
  failed++
  process.stdout.write(`${name} failed\n`)
}
process.stdout.write(`${wanted.length - failed} passed, ${failed} failed, 0 skipped\n`)
process.exit(failed > 0 ? 1 : 0)
