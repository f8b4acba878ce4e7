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
import { type AedesClient, asAedesClient } from './engine/aedes-client.ts'
import type { Connection, Outlet } from './connections.ts'
import type { Counters } from './counters.ts'
import type { InFlight } from './limits/in-flight.ts'
import type { Pace } from './limits/pace.ts'
import { publishableTopic } from './principals.ts'
import type { Trail } from './trail.ts'
import type { Retained } from './engine/retained.ts'
import type { Stored, Unreleased } from './engine/unreleased.ts'

export interface AcceptDeps {
  log: Stream
  city: string
  source: string
  devices: DeviceDirectory
  inFlight: InFlight
  pace: Pace
  counters: Counters
  trail: Trail
  retained: Retained
  unreleased: Unreleased
  /** ms UTC of stamped time. */
  now: () => number
}

type Done = (error?: Error | null) => void
export type AuthorizePublish = (client: Client | null, packet: PublishPacket, done: Done) => void

/** Memory of a message that waits, beside its payload. */
const overheadBytes = 400
/** A retained status stays in memory for good; birth and will take a tenth of this. */
const mostRetainedBytes = 256

const recordTypeOf: Record<UplinkChannel, RecordType> = { telemetry: 'telemetry', event: 'telemetry', status: 'status' }

export function createAccept(deps: AcceptDeps): AuthorizePublish {
  const { log, city, source, devices, inFlight, pace, retained, unreleased, counters, trail, now } = deps
  /** When the message was appended whose commit is timed; one at a time, so about one of each group. */
  let timedSince: number | undefined

  function outletOf(connection: Connection, topic: string): Outlet | undefined {
    const known = connection.outlets?.get(topic)
    if (known !== undefined) return known
    const { principal } = connection
    const parsed = publishableTopic(city, principal, devices, topic)
    if (parsed === undefined) return undefined
    const { channel, deviceId } = parsed
    const isOwn = deviceId === principal.id
    const mayRetain = channel === 'status' && (isOwn || devices.get(deviceId) !== undefined)
    const outlet: Outlet = { channel, mayRetain, encode: undefined }
    // Whose others' topics are may change, its own stay.
    if (isOwn) (connection.outlets ??= new Map()).set(topic, outlet)
    return outlet
  }

  return (publisher, packet, done) => {
    const client = asAedesClient(publisher)
    const { connection } = client
    const outlet = connection === undefined ? undefined : outletOf(connection, packet.topic)
    if (connection === undefined || outlet === undefined) {
      const who = connection?.name ?? ''
      trail.refused(who, 'publish on', packet.topic, 'mqtt_publish_refused', client.arrival.address)
      done(new AppError('mqtt_publish_refused', `may not publish on ${packet.topic}`))
      return
    }
    // From the parser it is a Buffer; Aedes' own publish() takes strings too, but does not ask here.
    const payload = packet.payload as Buffer
    const bytes = payload.length + overheadBytes
    pace.spend(connection.bucket)
    inFlight.add(client.conn, bytes)
    const isExactlyOnce = packet.qos === 2 && packet !== client.will
    const stored = isExactlyOnce ? takeFirst(client, packet, bytes, done) : noop
    if (stored === undefined) return
    // Retained messages are in memory, and after a restart only status is rebuilt from its bucket. What is not
    // kept is not a word of the past either: its record is that of any other message.
    const isTooLong = packet.retain && payload.length > mostRetainedBytes
    packet.retain &&= outlet.mayRetain && !isTooLong
    // As received, it holds on to the whole chunk that it came in.
    if (packet.retain) packet.payload = Buffer.from(payload)
    const { session, name: principal } = connection
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

    const isTimed = timedSince === undefined
    if (isTimed) timedSince = performance.now()
    log.append(record, { counted: true }, (error) => {
      if (isTimed) endTiming()
      if (error === null) counters.accepted(payload.length)
      if (error === null && isTooLong) retained.forget(topic)
      done(error)
      stored(error)
      inFlight.remove(client.conn, bytes)
    })
  }

  /** What a QoS 2 message that is to be stored has to be told when it is; undefined where it is answered otherwise. */
  function takeFirst(
    client: AedesClient,
    { messageId = 0 }: PublishPacket,
    bytes: number,
    done: Done,
  ): Stored | undefined {
    const answer = (error: Error | null) => {
      done(error)
      inFlight.remove(client.conn, bytes)
    }
    const taken = unreleased.take(client.id, messageId, answer)
    if (taken === 'full') {
      if (!client.conn.destroyed) trail.ended(client.connection?.name, 'mqtt_inflight_exceeded')
      answer(new AppError('mqtt_inflight_exceeded'))
    }
    return typeof taken === 'function' ? taken : undefined
  }

  function endTiming(): void {
    if (timedSince !== undefined) counters.committed(performance.now() - timedSince)
    timedSince = undefined
  }
}

function noop(): void {}
