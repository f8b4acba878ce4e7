// The simulated city as a process: command line, environment and signals. What it does is in simulator.ts.
import { failToStart, runService } from '@ronda/runtime/lifecycle'
import { type Options, help, parseOptions } from './options.ts'
import { startSimulator } from './simulator.ts'

const options = readOptions()
await runService('city', async (env, log) => startSimulator({ env, options, log, onFailure: failToStart }))

function readOptions(): Options {
  try {
    const options = parseOptions(process.argv.slice(2))
    if (options !== undefined) return options
  } catch (error) {
    return failToStart(error)
  }
  process.stdout.write(help)
  return process.exit(0)
}
