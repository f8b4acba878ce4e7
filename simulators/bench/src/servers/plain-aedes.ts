// The baseline: Aedes as it comes, in memory, nothing stored, nobody refused.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Aedes } from 'aedes'

const aedes = await Aedes.createBroker()
const server = createServer({ noDelay: true }, aedes.handle).listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.(server.address())
process.on('SIGTERM', () => process.exit(0))
