// `npm run bench -- SUITE …`: measures, against a baseline in the same run, and says what it measured on.
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { createReport } from './report.ts'
import { brokerSuite } from './suites/broker.ts'
import { pipelineSuite } from './suites/pipeline.ts'

const suites = { broker: brokerSuite, pipeline: pipelineSuite }

const help = `npm run bench -- [options] SUITE …

  broker      QoS 1 messages that are acknowledged, how soon, and the memory of a connection: Ronda's broker,
              which has each on the disk first, beside plain Aedes and Mosquitto (where installed) in memory
  pipeline    messages a second from MQTT to the embedded store, validated, until the ledger balances

  --quick     a first impression, within a minute
  --json      a line of JSON per figure on standard output, nothing else
  --help

All of it runs on loopback, in a temporary folder that is removed. Servers and the load share this machine.
`

const { values: options, positionals } = readCommandLine()

const wanted = positionals.length === 0 ? Object.keys(suites) : positionals
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name))
if (options.help || unknown.length > 0) {
  for (const name of unknown) process.stderr.write(`There is no suite ${name}.\n`)
  process.stdout.write(help)
  process.exit(unknown.length > 0 ? 2 : 0)
}

const report = createReport({ json: options.json })
report.note(
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
)
for (const [name, suite] of Object.entries(suites)) {
  if (wanted.includes(name)) await suite({ report, quick: options.quick })
}
report.end()

function readCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${help}`)
    return process.exit(2)
  }
}
