// A street light's readings as PUBLISH packets that are made once: of what is sent again only the digits of `ts`
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

export function createReadings(topic: string, count: number): Readings {
  const packets = Array.from({ length: count }, (_, i) =>
    generate({ cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false, messageId: i + 1 }),
  )
  const [sample = Buffer.alloc(0)] = packets
  const tsOffset = sample.indexOf('"ts":') + 5
  const seqOffset = sample.indexOf('"seq":') + 6
  return {
    packets,
    stamp(packet, sequence) {
      packet.write(String(Date.now()), tsOffset, 13, 'latin1')
      packet.write(String(sequence).padStart(10, '1'), seqOffset, 10, 'latin1')
    },
  }
}
