// `npm run bench -- SUITE …`: measures, against a baseline in the same run, and says what it measured on.
import { cpus, totalmem } from 'node:os'
import { AppError } from '@ronda/contracts/errors'
import { readCommandLine } from '@ronda/runtime/command-line'
import { failToStart } from '@ronda/runtime/lifecycle'
import { createReport } from './report.ts'
import { brokerSuite } from './suites/broker.ts'
import { engineSuite } from './suites/engine.ts'
import { pipelineSuite } from './suites/pipeline.ts'
import type { Suite } from './suites/suite.ts'

const suites: Readonly<Record<string, Suite>> = {
  broker: brokerSuite,
  engine: engineSuite,
  pipeline: pipelineSuite,
}

const help = `npm run bench -- [options] SUITE …

  broker      Ronda's broker, which has each QoS 1 message on the disk before its PUBACK, beside plain Aedes and
              Mosquitto (where installed) in memory: the rate, how soon a PUBACK comes, memory and CPU time;
              and 10,000 devices that connect at once. Measures
${listOf(brokerSuite)}
  engine      the fault engine alone, in a city in which nothing is wrong: readings a second, garbage, the time that a
              tick takes, the memory of its state; and the detector on a log of very many readings: how long it holds
              up the event loop when it keeps that state. Measures
${listOf(engineSuite)}
  pipeline    messages a second from MQTT to the embedded store, validated, until the ledger balances. Measures
${listOf(pipelineSuite)}

  --only TEXT   of these only what has TEXT in its name
  --quick       a first impression, within some two minutes a suite
  --json        a line of JSON per figure on standard output, nothing else
  --help

All of it runs on loopback, in a temporary folder that is removed. Servers and the load share this machine.
10,000 connections need as many file descriptors: see ulimit -n.
`

try {
  const { options, wanted } = prepare()
  const { quick, only } = options
  const report = createReport({ json: options.json })
  report.note(
    `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
  )
  for (const suite of wanted) await suite.run({ report, quick, wants: (part) => part.includes(only) })
  report.end()
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
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (options.help) {
    process.stdout.write(help)
    process.exit(0)
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(suites, name))
  if (unknown.length > 0)
    throw new AppError('config_invalid', `there is no suite ${unknown.join(', ')}; --help says what there is`)
  const wanted = Object.entries(suites)
    .filter(([name]) => positionals.length === 0 || positionals.includes(name))
    .map(([, suite]) => suite)
    .filter(({ parts }) => parts.some((part) => part.includes(options.only)))
  if (wanted.length === 0) {
    throw new AppError(
      'config_invalid',
      `nothing to measure has "${options.only}" in its name; --help says what there is`,
    )
  }
  return { options, wanted }
}

function listOf({ parts }: Suite): string {
  return parts.map((part) => `                - ${part}`).join('\n')
}
