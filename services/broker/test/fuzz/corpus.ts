// Streams of packets as good clients send them, whole and in an order that the protocol allows: what is mutated.
import { type IConnectPacket, type Packet, generate } from 'mqtt-packet'
import { connectPacket } from '../raw-client.ts'
import type { Random } from './random.ts'

export interface Identity {
  username: string
  token: string
  /** On which it may publish; none for who listens only. */
  topics: readonly string[]
  /** To which it may subscribe, and some to which it may not. */
  filters: readonly string[]
}

const ids = 24
/** So many that a client is seldom taken over by another, which would have it wait, and its session often found. */
const clientIds = 400
/** Whoever publishes on one of these is sent away. */
const forbiddenTopics = ['hello', '$SYS/broker', 'tangsel/v1/streetlight/lamp-1/command', 'a/'.repeat(150)]

export function connectOf(random: Random, { username, token, topics }: Identity): Buffer {
  const clean = random.chance(0.6)
  const more: Partial<IConnectPacket> = {
    clean,
    clientId: clean && random.chance(0.3) ? '' : `c${random.below(clientIds)}`,
    keepalive: random.pick([0, 1, 60, 65_535]),
  }
  if (topics.length > 0 && random.chance(0.3)) {
    more.will = {
      topic: random.pick(topics),
      payload: '{"online":false}',
      qos: qosOf(random),
      retain: random.chance(0.5),
    }
  }
  return generate(connectPacket(username, token, more))
}

/** CONNECT and so many packets more. */
export function streamOf(random: Random, identity: Identity, count: number): Buffer[] {
  const packets = [connectOf(random, identity)]
  while (packets.length <= count) packets.push(generate(packetOf(random, identity)))
  if (random.chance(0.2)) packets.push(generate({ cmd: 'disconnect' }))
  return packets
}

function packetOf(random: Random, { topics, filters }: Identity): Packet {
  const messageId = 1 + random.below(ids)
  const kind = topics.length > 0 ? random.below(100) : 50 + random.below(50)
  if (kind < 50) {
    const qos = qosOf(random)
    const topic = random.pick(random.chance(0.01) ? forbiddenTopics : topics)
    const common = { cmd: 'publish', topic, payload: payloadOf(random), qos, retain: random.chance(0.2) } as const
    return qos === 0 ? { ...common, dup: false } : { ...common, dup: random.chance(0.2), messageId }
  }
  if (kind < 65) return { cmd: 'pubrel', messageId }
  if (kind < 80) return { cmd: random.pick(['puback', 'pubrec', 'pubcomp'] as const), messageId }
  if (kind < 90) {
    const subscriptions = Array.from({ length: 1 + random.below(4) }, () => ({
      topic: random.pick(filters),
      qos: qosOf(random),
    }))
    return { cmd: 'subscribe', messageId, subscriptions }
  }
  if (kind < 95) return { cmd: 'unsubscribe', messageId, unsubscriptions: [random.pick(filters)] }
  return { cmd: 'pingreq' }
}

const qosOf = (random: Random) => random.pick([0, 1, 2] as const)

function payloadOf(random: Random): Buffer {
  if (random.chance(0.02)) return Buffer.alloc(1 + random.below(40_000), 0x2e)
  return random.chance(0.5) ? Buffer.from('{"powerW":87.5,"on":true}') : random.bytes(random.below(64))
}
