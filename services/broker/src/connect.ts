// The first step of a client's way: CONNECT, answered by CONNACK. Who it is and whether it may come in.
import type { Backbone } from '@ronda/backbone/backbone'
import { AppError, type ErrorCode } from '@ronda/contracts/errors'
import type { Logger } from '@ronda/runtime/log'
import type { AuthenticateError, Client, ConnectPacket } from 'aedes'
import { type AedesClient, asAedesClient } from './engine/aedes-client.ts'
import { createBackOff } from '@ronda/access/back-off'
import type { Connections } from './connections.ts'
import type { Notices } from './notices.ts'
import { type Identity, authenticate, nameOf } from './principals.ts'
import type { Sessions } from './engine/sessions.ts'
import type { Trail } from './trail.ts'

/** CONNACK's return codes [MQTT-3.2.2-4]. */
type ReturnCode = 2 | 3 | 4 | 5

const returnCodes: Partial<Record<ErrorCode, ReturnCode>> = {
  mqtt_client_id_refused: 2,
  // It was not looked up, so whether it may come in is not said: it may ask again.
  mqtt_credentials_backoff: 3,
  mqtt_client_id_contested: 3,
  mqtt_credentials_refused: 4,
  mqtt_device_disabled: 5,
  mqtt_service_disabled: 5,
}

/** Beyond, nobody's: so that whoever makes up names keeps no memory by them. */
const mostUserNameBytes = 128
const mostClientIdBytes = 64
/** [MQTT-3.1.2-24]; a client that wants none, or a longer one, has this: whoever says nothing for 90 minutes is gone. */
const longestKeepaliveS = 3_600

/** Five in a minute are mistakes, or a network that comes and goes; after that a second, doubling to a minute. */
const backOffLimits = { failures: 5, windowMs: 60_000, firstMs: 1_000, longestMs: 60_000, mostEntries: 10_000 }

export interface ConnectDeps {
  backbone: Backbone
  connections: Connections
  sessions: Sessions
  trail: Trail
  notices: Notices
  log: Logger
  /** ms, never going back. */
  elapsed: () => number
}

export interface Connect {
  preConnect(client: Client, packet: ConnectPacket, done: (error: Error | null, success: boolean) => void): void
  authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void
}

export function createConnect(deps: ConnectDeps): Connect {
  const { backbone, connections, sessions, trail, notices, log, elapsed } = deps
  const registry = { devices: backbone.bucket('devices'), services: backbone.bucket('service-principals') }
  /** By address and user name: nobody is locked out from elsewhere, nor by who has another name behind the same NAT. */
  const wrongCredentials = createBackOff(backOffLimits, elapsed)
  /** By client id. */
  const takeOvers = createBackOff(backOffLimits, elapsed)

  async function identify(
    client: AedesClient,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<Identity> {
    if (client.refusal !== undefined) throw new AppError(client.refusal)
    const { address, certificateName } = client.arrival
    const asker = `${address} ${username ?? ''}`
    if (wrongCredentials.holds(asker)) throw new AppError('mqtt_credentials_backoff')
    const verdict = await authenticate(registry, { username, password, certificateName }, Date.now())
    if (!verdict.ok) {
      if (verdict.code === 'mqtt_credentials_refused') wrongCredentials.failed(asker)
      throw new AppError(verdict.code)
    }
    wrongCredentials.succeeded(asker)
    return verdict
  }

  /**
   * A newcomer takes its client id from an older connection [MQTT-3.1.4-2]. Two devices with one identity would do
   * that to each other for ever: then it is the newcomer who waits.
   */
  function takeOver(client: AedesClient, { principal }: Identity): void {
    const name = nameOf(principal)
    if (!connections.of(name).some((older) => older.client.id === client.id && !older.client.closed)) return
    if (takeOvers.holds(client.id)) {
      notices.raise('mqtt_client_id_contested', name)
      throw new AppError('mqtt_client_id_contested')
    }
    takeOvers.failed(client.id)
  }

  /** Whether it is still there to be let in. */
  async function letIn(
    client: AedesClient,
    username: string | undefined,
    password: Buffer | undefined,
  ): Promise<boolean> {
    const identity = await identify(client, username, password)
    if (client.closed || client.conn.destroyed) return false
    takeOver(client, identity)
    connections.open(client, identity)
    if (!client.clean) sessions.attach(client)
    return true
  }

  return {
    preConnect(newcomer, packet, done) {
      const client = asAedesClient(newcomer)
      // A certificate says who it is without a user name.
      if (packet.username === undefined && client.arrival.certificateName !== undefined)
        packet.username = client.arrival.certificateName
      client.refusal = refusalOf(packet)
      packet.keepalive = Math.min(packet.keepalive || longestKeepaliveS, longestKeepaliveS)
      // Client ids are chosen by the devices: within one principal they mean something, between two nothing.
      if (packet.username !== undefined && packet.clientId !== '')
        packet.clientId = `${packet.username}/${packet.clientId}`
      done(null, true)
    },

    authenticate(newcomer, username, password, done) {
      const client = asAedesClient(newcomer)
      const { address } = client.arrival
      letIn(client, username, password).then(
        (isIn) => {
          if (!isIn) return
          trail.connected(client.connection?.name ?? '', address)
          done(null, true)
        },
        (error: unknown) => {
          const refusal = error instanceof AppError ? error : new AppError('internal', undefined, { cause: error })
          const returnCode = returnCodes[refusal.code]
          if (returnCode === undefined) log.error({ err: error }, 'could not look up who connects')
          trail.turnedAway(username, '', refusal.code, address)
          done(Object.assign(refusal, { returnCode: returnCode ?? 3 }), null)
        },
      )
    },
  }
}

function refusalOf({ username = '', clientId, clean }: ConnectPacket): ErrorCode | undefined {
  if (Buffer.byteLength(username) > mostUserNameBytes) return 'mqtt_credentials_refused'
  // [MQTT-3.1.3-8]: without an id there is nothing to find a session by.
  if (clientId === '' && !clean) return 'mqtt_client_id_refused'
  return Buffer.byteLength(clientId) > mostClientIdBytes ? 'mqtt_client_id_refused' : undefined
}
