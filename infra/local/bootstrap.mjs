// What `npm start`, `npm test` and the other scripts run first, on any Node from 18: it gets the Node, the
// packages and the built page that are missing or stale, then hands over to the command. Node's own modules
// only, and plain JavaScript: nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const isWindows = process.platform === 'win32'

/** The oldest Node that runs the TypeScript directly, and the one to get when the host's is older. */
const neededNode = [24, 12]
const pinnedNode = '24.21.0'

const commands = {
  start: { script: 'infra/local/start.ts', page: true },
  test: { script: 'infra/local/test.ts', page: true },
  check: { script: 'infra/local/check.ts', page: false },
  generate: { script: 'infra/local/generate.ts', page: false },
  simulate: { script: 'simulators/city/src/main.ts', page: false },
  'simulate scenario': { script: 'infra/scenarios/main.ts', page: false },
  record: { script: 'simulators/recorder/src/record/main.ts', page: false },
  replay: { script: 'simulators/recorder/src/replay/main.ts', page: false },
  bench: { script: 'simulators/bench/src/main.ts', page: true },
  fuzz: { script: 'services/broker/test/fuzz/main.ts', page: false },
  soak: { script: 'infra/soak/main.ts', page: true },
  screenshots: { script: 'infra/screenshots/main.ts', page: true },
  certificates: { script: 'infra/local/certificates.ts', page: false },
  'sign-in': { script: 'infra/local/sign-in.ts', page: false },
  'demo:reset': { script: 'infra/local/reset.ts', page: false },
}

const words = process.argv.slice(2)
// Some commands are two words.
const length = Object.hasOwn(commands, words.slice(0, 2).join(' ')) ? 2 : 1
const name = words.slice(0, length).join(' ')
const args = words.slice(length)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined) fail(`There is no command ${name}; there are ${Object.keys(commands).join(', ')}.`)

let env = process.env
const node = ensureNode()
env = {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
  // Stripping types is most of a service's start; this way it is done once.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'node'),
}
installPackages()
if (command.page) buildPage()
handOver()

function ensureNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > neededNode[0] || (major === neededNode[0] && minor >= neededNode[1])) return process.execPath
  // The packages that hold the binaries; the package `node` only chooses among them, in an install script.
  const platform = isWindows ? 'win' : process.platform
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const packageName = `${prefix}-${platform}-${process.arch}`
  const tools = join(root, '.tools')
  const folder = join(tools, 'node_modules', packageName)
  const binary = join(folder, 'bin', isWindows ? 'node.exe' : 'node')
  if (!existsSync(binary) || readJson(join(folder, 'package.json')).version !== pinnedNode) {
    say(`Getting Node ${pinnedNode} (this is ${process.versions.node}) …`)
    mkdirSync(tools, { recursive: true })
    writeFileSync(join(tools, 'package.json'), '{ "private": true }\n')
    npm([
      'install',
      '--prefix',
      tools,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${packageName}@${pinnedNode}`,
    ])
  }
  return binary
}

function installPackages() {
  const stamp = join(root, 'node_modules', '.ronda-installed')
  const wanted = hashOf([
    join(root, 'pnpm-lock.yaml'),
    join(root, 'pnpm-workspace.yaml'),
    join(root, 'package.json'),
    ...['packages', 'services', 'simulators'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((each) => join(root, folder, each, 'package.json')),
    ),
    join(root, 'infra', 'package.json'),
  ])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing packages …')
  const pnpm = readJson(join(root, 'package.json')).packageManager
  npm([
    'exec',
    '--yes',
    '--loglevel=error',
    `--package=${pnpm}`,
    '--',
    'pnpm',
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
  ])
  writeFileSync(stamp, wanted)
}

function buildPage() {
  const folder = join(root, 'services', 'control-room')
  const stamp = join(folder, 'dist', '.built-from')
  const wanted = hashOf([
    ...filesBelow(folder),
    ...filesBelow(join(root, 'packages', 'contracts', 'src')),
    join(root, 'pnpm-lock.yaml'),
  ])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Building the control room’s page …')
  run(node, [join(folder, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: folder,
    env: { ...env, NODE_ENV: 'production' },
  })
  writeFileSync(stamp, wanted)
}

/** Runs the command in the foreground, hands signals on, and ends as it ends. */
function handOver() {
  const child = spawn(node, [join(root, command.script), ...args], { stdio: 'inherit', env, cwd: root })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}

function npm(npmArgs) {
  run(isWindows ? 'npm.cmd' : 'npm', npmArgs, { cwd: root, env, shell: isWindows })
}

function run(file, runArgs, options) {
  const { status, error } = spawnSync(file, runArgs, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (error !== undefined) fail(`Could not run ${file}: ${error.message}`)
  if (status !== 0) fail(`${file} ${runArgs.join(' ')} failed with exit code ${status}.`)
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name: each }) => each !== 'node_modules' && each !== 'dist' && each !== 'test')
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesBelow(path) : [path]
    })
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    if (existsSync(file) && statSync(file).isFile()) hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}
