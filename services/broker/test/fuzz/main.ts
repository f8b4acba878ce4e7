// `npm run fuzz -- [options]`: sends broken MQTT to a broker of its own and says what became of it.
import { parseArgs } from 'node:util'
import { runFuzz } from './fuzz-run.ts'

const help = `npm run fuzz -- [options]

  --packets N   how many to send (100000)
  --seed N      the same streams again (a new one each time)
  --only N      only the stream of this number
  --help

A broker of its own on loopback, in a temporary folder that is removed. Ends with exit code 1 when something was found.
`

const { values: options } = parseArgs({
  options: {
    packets: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  process.stdout.write(help)
  process.exit(0)
}

let told = 0
const report = await runFuzz({
  seed: wholeNumber('seed', options.seed),
  packets: wholeNumber('packets', options.packets),
  ...(options.only !== undefined && { only: wholeNumber('only', options.only) }),
  onProgress(sent) {
    if (sent - told < 50_000) return
    told = sent
    process.stderr.write(`${sent} packets\n`)
  },
})
const { findings, memoryMb, ...figures } = report
process.stdout.write(
  `seed ${figures.seed}: ${figures.packets} packets in ${figures.streams} streams and ${Math.round(figures.seconds)} s ` +
    `(${Math.round(figures.packets / figures.seconds)}/s), ${figures.acknowledged} acknowledged, ` +
    `slowest for the witness ${figures.slowestMs} ms\n`,
)
if (memoryMb !== undefined) {
  process.stdout.write(`memory: ${memoryMb.warm} MB warm, ${memoryMb.peak} MB at most, ${memoryMb.end} MB in the end\n`)
}
for (const finding of findings) process.stdout.write(`FOUND ${finding}\n`)
process.exit(findings.length > 0 ? 1 : 0)

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  process.stderr.write(`--${name} is a whole number, not ${text}\n`)
  return process.exit(2)
}
