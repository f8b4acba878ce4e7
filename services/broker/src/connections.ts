// The live connections: who each one is and through which session it speaks. An entry lives from the CONNECT
// to the end of the socket; who a client is can be asked longer, because its will comes after that.
import type { EncodeContent } from '@ronda/backbone/record-codec'
import type { Session } from '@ronda/contracts/record'
import type { UplinkChannel } from '@ronda/contracts/topics'
import type { AedesClient } from './engine/aedes-client.ts'
import type { Bucket } from './limits/pace.ts'
import { type Identity, type Principal, nameOf } from './principals.ts'

export interface Connection {
  client: AedesClient
  principal: Principal
  /** Of the principal, as records and the audit trail have it. */
  name: string
  /** Of the token that it showed; undefined when a certificate was enough. */
  tokenSha256: string | undefined
  /** ms UTC by the system's clock, when it has to end. */
  until: number
  session: Session
  /** Of its principal, for what it publishes. */
  bucket: Bucket
  /** Its own topics on which it has published: looked up for every message. */
  outlets: Map<string, Outlet> | undefined
}

/** A topic that a connection may publish on. */
export interface Outlet {
  channel: UplinkChannel
  /** Whether its retained message is kept: the status of a registered device, of which there are only so many. */
  mayRetain: boolean
  /** Of this connection's records on it, made with the first. */
  encode: EncodeContent | undefined
}

export interface Connections {
  /** Of a client that is still there. Beyond `mostPerPrincipal` its oldest connection ends. Sessions are in the order of their opening. */
  open(client: AedesClient, identity: Identity): void
  /** The live connections of a principal, by its name. */
  of(name: string): readonly Connection[]
  readonly size: number
  all(): Iterable<Connection>
}

/** A device needs one; the rest is for gateways, and for connections of whose end nobody has learnt yet. */
export const mostPerPrincipal = 16

export interface ConnectionsDeps {
  /** ms UTC of stamped time. */
  now: () => number
  /** Of a principal that has no other connection. */
  bucketOf: (name: string, principal: Principal) => Bucket
  onClose: (connection: Connection) => void
}

export function createConnections({ now, bucketOf, onClose }: ConnectionsDeps): Connections {
  const live = new Set<Connection>()
  const byName = new Map<string, Connection[]>()
  let sessions = 0
  let newestAt = 0

  function remove(connection: Connection): void {
    if (!live.delete(connection)) return
    const others = byName.get(connection.name)?.filter((each) => each !== connection) ?? []
    if (others.length > 0) byName.set(connection.name, others)
    else byName.delete(connection.name)
    onClose(connection)
  }

  return {
    open(client, { principal, tokenSha256, until }) {
      // The system's clock may be set back, sessions may not.
      newestAt = Math.max(newestAt, now())
      const name = nameOf(principal)
      const session = { connectedAt: newestAt, number: ++sessions }
      const others = byName.get(name)
      const bucket = others?.[0]?.bucket ?? bucketOf(name, principal)
      const connection: Connection = {
        client,
        principal,
        name,
        tokenSha256,
        until,
        session,
        bucket,
        outlets: undefined,
      }
      client.connection = connection
      client.conn.once('close', () => remove(connection))
      live.add(connection)
      if (others === undefined) byName.set(name, [connection])
      else others.push(connection)
      const [oldest] = others ?? []
      if (others === undefined || others.length <= mostPerPrincipal || oldest === undefined) return
      remove(oldest)
      oldest.client.close()
    },
    of: (name) => byName.get(name) ?? [],
    get size() {
      return live.size
    },
    all: () => live,
  }
}
