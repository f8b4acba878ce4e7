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
import { type AedesClient, asAedesClient } from './aedes-client.ts'
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

// What a session's record carries beside its payload, as memory.
const recordOverheadBytes = 200

const recordTypeOf: Record<UplinkChannel, RecordType> = { telemetry: 'telemetry', event: 'telemetry', status: 'status' }

export function createAccept({ log, city, source, devices, inFlight, counters, now }: AcceptDeps): AuthorizePublish {
  function outletOf({ topics, device }: Connection, topic: string): Outlet | undefined {
    const own = topics.get(topic)
    if (own !== undefined || device.kind !== 'gateway') return own
    const parsed = publishableTopic(city, device, devices, topic)
    return parsed === undefined || parsed.channel === 'command' ? undefined : { channel: parsed.channel }
  }

  return (publisher, packet, done) => {
    // Without a client it is a will that Aedes found in its persistence; ours is in memory and keeps none.
    const client: AedesClient | null = publisher === null ? null : asAedesClient(publisher)
    const connection = client?.connection
    const outlet = connection === undefined ? undefined : outletOf(connection, packet.topic)
    if (client === null || connection === undefined || outlet === undefined) {
      counters.refused('mqtt_publish_refused')
      done(new AppError('mqtt_publish_refused', `may not publish on ${packet.topic}`))
      return
    }
    // Retained messages are in memory: only status can be rebuilt from its bucket after a restart. What is not
    // retained is not a word of the past either, and counts as telemetry like any other.
    if (outlet.channel !== 'status') packet.retain = false
    const { session, principal } = connection
    const { topic, qos, retain, dup, payload } = packet
    outlet.encode ??= recordEncoder({ type: recordTypeOf[outlet.channel], source, session, principal, topic })
    const record = outlet.encode({
      receivedAt: now(),
      qos,
      retain,
      dup,
      will: packet === client.will,
      payload: typeof payload === 'string' ? Buffer.from(payload) : payload,
    })

    const bytes = record.length + recordOverheadBytes
    inFlight.add(client.conn, bytes)
    log.append(record, { counted: true }, (error) => {
      if (error === null) counters.accepted()
      done(error)
      inFlight.remove(client.conn, bytes)
    })
  }
}
