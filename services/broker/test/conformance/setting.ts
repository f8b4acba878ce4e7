// What a test of the standard needs: one broker for a file of tests, and principals of their own for each test, so
// that tests do not meet. Devices speak and listen on their own status; services listen to filters with wildcards.
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { NewDevice } from '@ronda/contracts/device'
import type { LogRecord } from '@ronda/contracts/record'
import { ServicePrincipal, servicePrefix } from '@ronda/contracts/service-principal'
import type { IConnectPacket, IPublishPacket, ISubscription } from 'mqtt-packet'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Harness, startHarness, topicOf } from '../harness.ts'
import { connectPacket } from '../raw-client.ts'
import { type Wire, dial } from './wire.ts'

export interface Principal {
  username: string
  token: string
  /** Of the device; a service has none. */
  status: string
  telemetry: string
}

export interface Setting {
  readonly harness: Harness
  device(more?: Partial<NewDevice>): Promise<Principal>
  /** Listens to status, telemetry and event of all. */
  service(): Principal
  dial(): Promise<Wire>
  /** A connection of which CONNACK has come, in a session of its own unless a client id is given. */
  connect(principal: Principal, more?: Partial<IConnectPacket>): Promise<Wire>
  /** The same for a client that is to get everything on a filter from now on. */
  subscribed(principal: Principal, filter: string, qos: 0 | 1 | 2, more?: Partial<IConnectPacket>): Promise<Wire>
  recordsOf(principal: Principal): Promise<LogRecord[]>
}

export function useBroker(): Setting {
  let harness: Harness
  let made = 0
  let wires: Wire[] = []
  const serviceToken = newToken()
  beforeAll(async () => {
    harness = await startHarness({ env: { RONDA_MQTT_MAX_RATE: '0' } })
    const service = ServicePrincipal.parse({
      id: 'reader',
      description: 'reads along',
      filters: ['tangsel/v1/+/+/status', 'tangsel/v1/+/+/telemetry', 'tangsel/v1/+/+/event'],
      revision: 1,
      createdAt: 1,
    })
    const value = { service, tokenSha256: sha256Hex(serviceToken) }
    await harness.backbone.commit({ writes: [{ bucket: 'service-principals', key: service.id, value }] })
    // What a broker hears of a service ends the connections of before; this one knows it from the beginning.
    await harness.restart()
  })
  afterEach(() => {
    for (const { socket } of wires) socket.destroy()
    wires = []
  })
  afterAll(() => harness.end())

  async function open(): Promise<Wire> {
    const wire = await dial(harness.port)
    wires.push(wire)
    return wire
  }

  async function connect(principal: Principal, more: Partial<IConnectPacket> = {}): Promise<Wire> {
    const wire = await open()
    wire.send(connectPacket(principal.username, principal.token, { clientId: `c${++made}`, ...more }))
    const { returnCode } = await wire.next('connack')
    if (returnCode !== 0) throw new Error(`${principal.username} was refused with ${returnCode}`)
    return wire
  }

  return {
    get harness() {
      return harness
    },
    async device(more = {}) {
      const id = `pju-${++made}x`
      const token = await harness.register(id, more)
      const { kind } = { kind: 'streetlight', ...more }
      return { username: id, token, status: topicOf(id, 'status', kind), telemetry: topicOf(id, 'telemetry', kind) }
    },
    service: () => ({ username: `${servicePrefix}reader`, token: serviceToken, status: '', telemetry: '' }),
    dial: open,
    connect,
    async subscribed(principal, filter, qos, more) {
      const wire = await connect(principal, more)
      const { granted } = await subscribe(wire, [{ topic: filter, qos }])
      if (granted[0] !== qos) throw new Error(`${filter} was not granted`)
      return wire
    },
    async recordsOf({ username }) {
      return (await harness.records()).filter(({ principal }) => principal === `device:${username}`)
    },
  }
}

/** Sends a SUBSCRIBE and takes its SUBACK. */
export function subscribe(wire: Wire, subscriptions: ISubscription[], messageId = 1) {
  wire.send({ cmd: 'subscribe', messageId, subscriptions })
  return wire.next('suback')
}

export function publish(topic: string, payload: string, more: Partial<IPublishPacket> = {}): IPublishPacket {
  return { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, ...more }
}

/** Publishes at QoS 1 and waits until it is acknowledged. */
export async function say(
  wire: Wire,
  topic: string,
  payload: string,
  more: Partial<IPublishPacket> = {},
): Promise<void> {
  wire.send(publish(topic, payload, { qos: 1, messageId: 1, ...more }))
  await wire.next('puback')
}

export const textOf = ({ payload }: { payload: Uint8Array | string }) => Buffer.from(payload).toString()
