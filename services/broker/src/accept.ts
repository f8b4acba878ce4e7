// The gate that every published message passes before Aedes goes on with it: authorised, in the log, durable.
// This is where a PUBACK is withheld: Aedes sends it when the callback runs, and the callback runs when the
// group commit that holds the record is on the disk. Callbacks run in the order of the appends, so PUBACKs
// leave in the order of the PUBLISHes [MQTT-4.6.0-2].
import type { DeviceDirectory } from '@ronda/backbone/device-directory'
import type { Stream } from '@ronda/backbone/backbone'
import { recordEncoder } from '@ronda/backbone/record-codec'
import { AppError } from '@ronda/contracts/errors'
import type { RecordType } from '@ronda/contracts/record'
import type { UplinkChannel } from '@ronda/contracts/topics'
import type { Client, PublishPacket } from 'aedes'
import { asAedesClient } from './aedes-client.ts'
import type { Connection, Outlet } from './connections.ts'
import type { Counters } from './counters.ts'
import type { InFlight } from './in-flight.ts'
import { publishableTopic } from './principals.ts'

export interface AcceptDeps {
  log: Stream
  city: string
  source: string
  devices: DeviceDirectory
  inFlight: InFlight
  counters: Counters
  /** ms UTC of stamped time. */
  now: () => number
}

export type AuthorizePublish = (
  client: Client | null,
  packet: PublishPacket,
  done: (error?: Error | null) => void,
) => void

/** Memory of a message that waits, beside its record. */
const overheadBytes = 200
/** A retained status stays in memory for good; birth and will take a tenth of this. */
const mostRetainedBytes = 256

const recordTypeOf: Record<UplinkChannel, RecordType> = { telemetry: 'telemetry', event: 'telemetry', status: 'status' }

export function createAccept({ log, city, source, devices, inFlight, counters, now }: AcceptDeps): AuthorizePublish {
  function outletOf({ topics, device }: Connection, topic: string): Outlet | undefined {
    const own = topics.get(topic)
    if (own !== undefined || device.kind !== 'gateway') return own
    const parsed = publishableTopic(city, device, devices, topic)
    if (parsed === undefined) return undefined
    const { channel, deviceId } = parsed
    return { channel, mayRetain: channel === 'status' && devices.get(deviceId) !== undefined }
  }

  return (publisher, packet, done) => {
    const client = asAedesClient(publisher)
    const { connection } = client
    const outlet = connection === undefined ? undefined : outletOf(connection, packet.topic)
    if (connection === undefined || outlet === undefined) {
      counters.refused('mqtt_publish_refused')
      done(new AppError('mqtt_publish_refused', `may not publish on ${packet.topic}`))
      return
    }
    // From the parser it is a Buffer; Aedes' own publish() takes strings too, but does not ask here.
    const payload = packet.payload as Buffer
    // Retained messages are in memory, and after a restart only status is rebuilt from its bucket. What is not
    // kept is not a word of the past either: its record is that of any other message.
    packet.retain &&= outlet.mayRetain && payload.length <= mostRetainedBytes
    // As received, it holds on to the whole chunk that it came in.
    if (packet.retain) packet.payload = Buffer.from(payload)
    const { session, principal } = connection
    const { topic, qos, retain, dup } = packet
    outlet.encode ??= recordEncoder({ type: recordTypeOf[outlet.channel], source, session, principal, topic })
    const record = outlet.encode({
      receivedAt: now(),
      qos,
      retain,
      dup,
      will: packet === client.will,
      payload,
    })

    const bytes = record.length + overheadBytes
    inFlight.add(client.conn, bytes)
    log.append(record, { counted: true }, (error) => {
      if (error === null) counters.accepted()
      done(error)
      inFlight.remove(client.conn, bytes)
    })
  }
}
