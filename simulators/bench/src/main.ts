// `npm run bench -- SUITE …`: measures, against a baseline in the same run, and says what it measured on.
import { cpus, totalmem } from 'node:os'
import { AppError } from '@ronda/contracts/errors'
import { readCommandLine } from '@ronda/runtime/command-line'
import { failToStart } from '@ronda/runtime/lifecycle'
import { watchStolenTime, wordsOfShare } from '@ronda/runtime/stolen-time'
import { writeFigures } from './figures-page.ts'
import { endOnSignals } from './interruption.ts'
import { createReport } from './report.ts'
import { brokerSuite } from './suites/broker.ts'
import { engineSuite } from './suites/engine.ts'
import { fanoutSuite } from './suites/fanout.ts'
import { latencySuite } from './suites/latency.ts'
import { memorySuite } from './suites/memory.ts'
import { pageSuite } from './suites/page.ts'
import { pipelineSuite } from './suites/pipeline.ts'
import { storeSuite } from './suites/store.ts'
import { stormSuite } from './suites/storm.ts'
import type { Suite } from './suites/suite.ts'

/** In the order in which they run. */
const suites: Readonly<Record<string, Suite>> = {
  broker: brokerSuite,
  storm: stormSuite,
  pipeline: pipelineSuite,
  latency: latencySuite,
  fanout: fanoutSuite,
  engine: engineSuite,
  store: storeSuite,
  memory: memorySuite,
  page: pageSuite,
}

const helpIndent = 12
/** For all suites in full length: a quarter of an hour. */
const withinS = 900

const help = `npm run bench -- [options] SUITE …     all of them when none is named

${Object.entries(suites).map(helpOf).join('\n')}

  --only TEXT   of these only what has TEXT in its name
  --quick       a first impression, within some two minutes a suite
  --long        the list of faults for ten minutes instead of half a minute (page)
  --peers       beside others that are fetched from npm for it: Node-RED (pipeline)
  --json        a line of JSON per figure on standard output, nothing else
  --write       keeps the figures in docs/benchmarks.md, in place of the former ones of the same suites
  --help

All of it runs on loopback, in a temporary folder that is removed. Servers and the load share this machine.
10,000 connections need as many file descriptors: see ulimit -n.
`

try {
  const { options, wanted, isAll } = prepare()
  const { quick, long, peers, only } = options
  endOnSignals()
  const report = createReport({ json: options.json })
  const machine = describeMachine()
  report.note(machine)
  const took: string[] = []
  /** By suite: the machine as it was then. */
  const machines = new Map<string, string>()
  for (const [name, suite] of wanted) {
    const startedAt = performance.now()
    const stolen = watchStolenTime()
    await suite.run({ report, quick, long, peers, wants: (part) => part.includes(only) })
    took.push(`${name} ${secondsSince(startedAt)} s`)
    const share = stolen()
    const lost = share === undefined ? '' : `, whose host gave ${wordsOfShare(share)} of the processor time to others`
    machines.set(name, `${machine}${lost}`)
    report.note(`took: ${took.at(-1)}${lost}`)
  }
  const seconds = secondsSince(0)
  if (isAll) {
    const target = { of: 'value', atMost: withinS } as const
    report.add({ suite: 'all', figure: 'all suites together', value: seconds, unit: 's', target })
  }
  report.end()
  report.note(`took: ${took.join(', ')}; all of it ${seconds} s`)
  if (options.write) {
    const figuresOf = (name: string) => report.figures.filter(({ suite }) => suite === name)
    const measured = wanted.map(([suite, { about }]) => ({
      suite,
      machine: machines.get(suite) ?? machine,
      about,
      figures: figuresOf(suite),
    }))
    // What cannot be measured here keeps the figures of where it was.
    writeFigures(measured.filter(({ figures }) => figures.length > 0))
    report.note('docs/benchmarks.md is written')
  }
} catch (error) {
  failToStart(error)
}

/** The suites that have something to measure. */
function prepare() {
  const { values: options, positionals } = readCommandLine({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    process.stdout.write(help)
    process.exit(0)
  }
  const isShortened = options.quick || options.only !== ''
  if (options.write && (isShortened || options.long)) {
    throw new AppError(
      'config_invalid',
      '--write keeps whole suites in their usual length: leave out --quick, --long and --only',
    )
  }
  if (options.quick && options.long) throw new AppError('config_invalid', 'one of --quick and --long')
  const unknown = positionals.filter((name) => !Object.hasOwn(suites, name))
  if (unknown.length > 0)
    throw new AppError('config_invalid', `there is no suite ${unknown.join(', ')}; --help says what there is`)
  const wanted = Object.entries(suites)
    .filter(([name]) => positionals.length === 0 || positionals.includes(name))
    .filter(([, { parts }]) => parts.some((part) => part.includes(options.only)))
  if (wanted.length === 0) {
    throw new AppError(
      'config_invalid',
      `nothing to measure has "${options.only}" in its name; --help says what there is`,
    )
  }
  const isLengthened = options.long || options.peers
  const isAll = wanted.length === Object.keys(suites).length && !isShortened && !isLengthened
  return { options, wanted, isAll }
}

/** ms of the clock that begins with the process. */
function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1_000)
}

function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30)
  const today = new Date().toISOString().slice(0, 10)
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${gib} GiB, Node ${process.versions.node}, ${today}`
}

function helpOf([name, { about, parts }]: [string, Suite]): string {
  const indent = ' '.repeat(helpIndent)
  const lines = about.match(/.{1,88}(?= |$)/g)?.map((line) => line.trimStart()) ?? []
  return `  ${name}`.padEnd(helpIndent) + [...lines, ...parts.map((part) => `- ${part}`)].join(`\n${indent}`)
}
