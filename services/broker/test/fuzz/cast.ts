// Who takes part in a run, and how the broker knows them.
import { newToken, sha256Hex } from '@ronda/access/secrets'
import type { Backbone } from '@ronda/backbone/backbone'
import { Device, NewDevice } from '@ronda/contracts/device'
import { ServicePrincipal, servicePrefix } from '@ronda/contracts/service-principal'
import { topicOf } from '../harness.ts'
import type { Identity } from './corpus.ts'
import type { Random } from './random.ts'

export interface Cast {
  witness: Identity
  behaving: readonly Identity[]
  /** Whom a stream that is mutated comes from: a device, a gateway, a service, or nobody. */
  pick(random: Random): Identity
  register(backbone: Backbone): Promise<void>
}

export function createCast(): Cast {
  const place = { latitude: -6.3, longitude: 106.7, district: 'serpong' }
  const devices: { device: Device; token: string }[] = []

  function device(id: string, kind: Device['kind'] = 'streetlight', gateway?: string): Identity {
    const token = newToken()
    const known = NewDevice.parse({ id, kind, name: id, ...place, ...(gateway !== undefined && { gateway }) })
    devices.push({
      device: Device.parse({ ...known, uid: id.replaceAll('-', '0').padEnd(10, '0'), revision: 1 }),
      token,
    })
    const own = (['telemetry', 'status', 'event'] as const).map((channel) => topicOf(id, channel, kind))
    return {
      username: id,
      token,
      topics: own,
      filters: [topicOf(id, 'status', kind), topicOf(id, 'command', kind), '#', '+/v1/+', `${own[1]}/#`, '$SYS/#'],
    }
  }

  const witness = device('witness')
  const behaving = [1, 2, 3, 4].map((n) => device(`behaving-${n}`))
  const lamps = [1, 2, 3, 4, 5, 6].map((n) => device(`lamp-${n}`, 'streetlight', 'gateway-1'))
  const gateway = device('gateway-1', 'gateway')
  const speaksForOthers = {
    ...gateway,
    topics: [...gateway.topics, ...lamps.flatMap(({ topics }) => topics), topicOf('unregistered-1')],
  }
  const serviceToken = newToken()
  const service: Identity = {
    username: `${servicePrefix}reader`,
    token: serviceToken,
    topics: [],
    filters: ['tangsel/v1/+/+/status', 'tangsel/v1/+/+/telemetry', topicOf('lamp-1'), '#', '+/+/+/+/telemetry'],
  }
  const stranger: Identity = { ...device('stranger'), token: newToken() }
  const nobody: Identity = { ...stranger, username: 'nobody-at-all' }

  return {
    witness,
    behaving,
    pick(random) {
      const who = random.below(100)
      if (who < 55) return random.pick(lamps)
      if (who < 80) return speaksForOthers
      if (who < 92) return service
      return who < 96 ? stranger : nobody
    },
    async register(backbone) {
      const value = ServicePrincipal.parse({
        id: 'reader',
        description: 'reads along',
        filters: service.filters.slice(0, 2),
        revision: 1,
        createdAt: 1,
      })
      await backbone.commit({
        writes: [
          ...devices.map(({ device: each, token }) => ({
            bucket: 'devices' as const,
            key: each.id,
            value: { device: each, tokenSha256: sha256Hex(token) },
          })),
          {
            bucket: 'service-principals' as const,
            key: value.id,
            value: { service: value, tokenSha256: sha256Hex(serviceToken) },
          },
        ],
      })
    },
  }
}
