// The live connections: who each one is and through which session it speaks. An entry lives from the CONNECT
// to the end of the socket; who a client is can be asked longer, because its will comes after that.
import type { EncodeContent } from '@ronda/backbone/record-codec'
import type { Device } from '@ronda/contracts/device'
import type { Session } from '@ronda/contracts/record'
import { formatTopic, type UplinkChannel, uplinkChannels } from '@ronda/contracts/topics'
import type { AedesClient } from './aedes-client.ts'

export interface Connection {
  client: AedesClient
  device: Device
  session: Session
  /** As records name it. */
  principal: string
  /** The device's own topics: looked up for every message. */
  topics: ReadonlyMap<string, Outlet>
}

/** A topic that a connection may publish on. */
export interface Outlet {
  channel: UplinkChannel
  /** Of this connection's records on it, made with the first. */
  encode?: EncodeContent
}

export interface Connections {
  open(client: AedesClient, device: Device): Connection
  /** The live connections of a device. */
  ofDevice(id: string): Iterable<Connection>
  readonly size: number
  all(): Iterable<Connection>
}

export function createConnections(city: string, now: () => number): Connections {
  const live = new Set<Connection>()
  const byDevice = new Map<string, Set<Connection>>()
  let sessions = 0

  function close(connection: Connection): void {
    live.delete(connection)
    const others = byDevice.get(connection.device.id)
    others?.delete(connection)
    if (others?.size === 0) byDevice.delete(connection.device.id)
  }

  return {
    open(client, device) {
      const connection: Connection = {
        client,
        device,
        session: { connectedAt: now(), number: ++sessions },
        principal: `device:${device.id}`,
        topics: new Map(
          uplinkChannels.map((channel) => [
            formatTopic({ city, kind: device.kind, deviceId: device.id, channel }),
            { channel },
          ]),
        ),
      }
      client.connection = connection
      // It may have gone while it was authenticated.
      if (client.conn.destroyed) return connection
      client.conn.once('close', () => close(connection))
      live.add(connection)
      const others = byDevice.get(device.id)
      if (others === undefined) byDevice.set(device.id, new Set([connection]))
      else others.add(connection)
      return connection
    },
    ofDevice: (id) => byDevice.get(id) ?? [],
    get size() {
      return live.size
    },
    all: () => live,
  }
}
