// A process of its own that appends numbered records to the log, a fixed number in flight, and prints the
// number of each record when it is acknowledged. With `trim` it trims all it can twice a second. It prints
// `blocked CODE` and `resumed` when the log stops and goes on.
import { openEmbeddedBackbone } from '../src/embedded/embedded.ts'

const [dir = '', name = '', count = '1000', inFlight = '100', trim = ''] = process.argv.slice(2)
const backbone = openEmbeddedBackbone({ dir, reserveBytes: 0, maxLogBytes: 1e12, now: Date.now })
const log = backbone.stream('log')

let next = 0
let acknowledged = 0
function appendNext(): void {
  if (next === Number(count)) return
  const number = next++
  log.append(new TextEncoder().encode(`${name} ${number} ${'.'.repeat(500)}`), { counted: true }, (error) => {
    if (error !== null) throw error
    process.stdout.write(`${number}\n`)
    acknowledged++
    appendNext()
  })
}
for (let i = 0; i < Number(inFlight); i++) appendNext()

let wasBlocked = false
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 20))
  if ((log.blocked !== undefined) !== wasBlocked) {
    wasBlocked = !wasBlocked
    process.stdout.write(wasBlocked ? `blocked ${log.blocked?.code}\n` : 'resumed\n')
  }
  if (wasBlocked && trim === 'trim') await log.trim({ before: Infinity, maxBytes: 0 })
  if (acknowledged === Number(count)) break
}
await backbone.close()
