// The live connections: who each one is and through which session it speaks. An entry lives from the CONNECT
// to the end of the socket; who a client is can be asked longer, because its will comes after that.
import type { EncodeContent } from '@ronda/backbone/record-codec'
import type { Device, DeviceRow } from '@ronda/contracts/device'
import type { Session } from '@ronda/contracts/record'
import { formatTopic, type UplinkChannel, uplinkChannels } from '@ronda/contracts/topics'
import type { AedesClient } from './aedes-client.ts'

export interface Connection {
  client: AedesClient
  device: Device
  /** Of the token that it showed. */
  tokenSha256: string
  session: Session
  /** As records name it. */
  principal: string
  /** The device's own topics: looked up for every message. */
  topics: ReadonlyMap<string, Outlet>
}

/** A topic that a connection may publish on. */
export interface Outlet {
  channel: UplinkChannel
  /** Whether its retained message is kept: the status of a registered device, of which there are only so many. */
  mayRetain: boolean
  /** Of this connection's records on it, made with the first. */
  encode?: EncodeContent
}

export interface Connections {
  /** Beyond `mostPerDevice` the device's oldest connection ends. Sessions are in the order of their opening. */
  open(client: AedesClient, row: DeviceRow): Connection
  /** The live connections of a device. */
  ofDevice(id: string): Iterable<Connection>
  readonly size: number
  all(): Iterable<Connection>
}

/** A device needs one; the rest is for gateways, and for connections of whose end nobody has learnt yet. */
export const mostPerDevice = 16

export function createConnections(city: string, now: () => number): Connections {
  const live = new Set<Connection>()
  const byDevice = new Map<string, Set<Connection>>()
  let sessions = 0
  let newestAt = 0

  function close(connection: Connection): void {
    live.delete(connection)
    const others = byDevice.get(connection.device.id)
    others?.delete(connection)
    if (others?.size === 0) byDevice.delete(connection.device.id)
  }

  return {
    open(client, { device, tokenSha256 }) {
      // The system's clock may be set back, sessions may not.
      newestAt = Math.max(newestAt, now())
      const connection: Connection = {
        client,
        device,
        tokenSha256,
        session: { connectedAt: newestAt, number: ++sessions },
        principal: `device:${device.id}`,
        topics: new Map(
          uplinkChannels.map((channel) => [
            formatTopic({ city, kind: device.kind, deviceId: device.id, channel }),
            { channel, mayRetain: channel === 'status' },
          ]),
        ),
      }
      client.connection = connection
      // It may have gone while it was authenticated.
      if (client.conn.destroyed) return connection
      client.conn.once('close', () => close(connection))
      live.add(connection)
      const ofDevice = byDevice.get(device.id) ?? new Set()
      byDevice.set(device.id, ofDevice.add(connection))
      // A set is in the order of its additions.
      const [oldest] = ofDevice
      if (ofDevice.size > mostPerDevice && oldest !== undefined) {
        close(oldest)
        oldest.client.close()
      }
      return connection
    },
    ofDevice: (id) => byDevice.get(id) ?? [],
    get size() {
      return live.size
    },
    all: () => live,
  }
}
