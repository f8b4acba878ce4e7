// The baseline of fanout: the library ws as it comes. It follows the same stream, nobody has to sign in, and every
// event is made into a text once and sent to each connection.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { openBackbone } from '@ronda/backbone/open'
import { decodeJson } from '@ronda/backbone/record-codec'
import type { FaultEvent } from '@ronda/contracts/fault'
import { readEnvironment } from '@ronda/runtime/config'
import { WebSocketServer } from 'ws'

const batch = { records: 128, bytes: 64 * 1024 }

const [dir = ''] = process.argv.slice(2)
const backbone = openBackbone({ dir, env: readEnvironment({ RONDA_DATA_DIR: dir }), now: Date.now })
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', (socket) => socket.once('message', () => socket.send('{"type":"status"}')))
await once(server, 'listening')
// A server that listens on a port has an address of this form.
const { port } = server.address() as AddressInfo
process.send?.({ port })
process.on('SIGTERM', () => process.exit(0))

const stream = backbone.stream('faults')
for await (const entries of stream.follow((await stream.head()).position, batch, new AbortController().signal)) {
  for (const { record, position } of entries) {
    // Whoever tells of faults writes FaultEvents.
    const { event, fault } = decodeJson(record) as FaultEvent
    const text = JSON.stringify({ type: 'fault', cursor: String(position), event, fault })
    for (const client of server.clients) client.send(text)
  }
}
