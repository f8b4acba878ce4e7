// Street lights' readings as PUBLISH packets that are made once: of what is sent again only the digits of `ts`
// and `seq` are written anew.
import { generate } from 'mqtt-packet'

export interface Readings {
  /** With the message ids from 1, ready to be sent once they are stamped. */
  packets: readonly Buffer[]
  /** Writes the present time and a number of up to ten digits into one of the packets. */
  stamp(packet: Buffer, sequence: number): void
}

const payload =
  '{"ts":1000000000000,"seq":1000000000,"dimPct":100,"powerW":87.4,"voltageV":229.7,"currentA":0.381,"powerFactor":0.97,"frequencyHz":50.02,"energyWh":1203417.2,"illuminanceLux":3.1,"temperatureC":41.5}'

/** As many packets, one topic after the other. */
export function createReadings(topics: readonly string[], count: number): Readings {
  const packets = Array.from({ length: count }, (_, i) => {
    const topic = topics[i % topics.length] ?? ''
    return generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: i + 1 })
  })
  const offsets = new Map(
    packets.map((packet) => [packet, { ts: packet.indexOf('"ts":') + 5, seq: packet.indexOf('"seq":') + 6 }]),
  )
  return {
    packets,
    stamp(packet, sequence) {
      const at = offsets.get(packet)
      if (at === undefined) throw new Error('the packet is none of these')
      packet.write(String(Date.now()), at.ts, 13, 'latin1')
      packet.write(String(sequence).padStart(10, '1'), at.seq, 10, 'latin1')
    },
  }
}
