// The least that an MQTT client needs behind a listener: every packet is answered, nothing is kept.
import type { Duplex } from 'node:stream'
import { type Packet, parser, writeToStream } from 'mqtt-packet'
import type { Arrival } from '../src/listeners/listeners.ts'

export interface Visitor {
  arrival: Arrival
  stream: Duplex
  received: Packet[]
}

export function createTinyBroker() {
  const visitors: Visitor[] = []
  return {
    /** In the order of their coming. */
    visitors,
    onConnection(stream: Duplex, arrival: Arrival): void {
      const received: Packet[] = []
      visitors.push({ arrival, stream, received })
      const parsed = parser({ protocolVersion: 4 })
      parsed.on('packet', (packet) => {
        received.push(packet)
        const answer = answerTo(packet)
        if (answer !== undefined) writeToStream(answer, stream)
      })
      stream.on('data', (chunk: Buffer) => parsed.parse(chunk))
      stream.on('error', () => {})
    },
    end(): void {
      for (const { stream } of visitors) stream.destroy()
    },
  }
}

function answerTo(packet: Packet): Packet | undefined {
  if (packet.cmd === 'connect') return { cmd: 'connack', returnCode: 0, sessionPresent: false }
  if (packet.cmd === 'publish' && packet.qos === 1) return { cmd: 'puback', messageId: packet.messageId ?? 0 }
  if (packet.cmd === 'pingreq') return { cmd: 'pingresp' }
  return undefined
}
